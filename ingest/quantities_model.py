"""The record of one number as it stands in a text."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from zhengwen.ingest.models import Bound, FigureKind


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit; `text[start:end] == surface`. `value` has 万/亿 multiplied out, unsigned unless printed."""

    start: int
    end: int
    surface: str
    value: Decimal
    unit: str
    family: str
    kind: FigureKind
    bound: Bound = "exact"
    bound_start: int = -1
    bound_end: int = -1
    value_max: Decimal | None = None
    """The upper end of a range."""
    parts: tuple[Decimal, ...] = ()
    """The members of a ratio or composition."""
    bare: bool = False
    """No digit or no unit is printed: 突破千亿, 10.6万 (of a list), 2.61."""
    ordinal_limit: bool = False
    """前10位: among the first ten."""


def plain(value: Decimal) -> Decimal:
    """Without the zeros that multiplying by 万 and 亿 left behind: 71000.00 → 71000; 4.50 stays as printed."""
    whole = value.to_integral_value()
    return whole.quantize(Decimal(1)) if value == whole and value.as_tuple().exponent != -1 else value
