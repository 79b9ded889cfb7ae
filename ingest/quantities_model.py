"""The record of one number as it stands in a text."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from zhengwen.ingest.models import Bound, FigureKind


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit; `text[start:end] == surface`.

    `value` has 万/亿 multiplied out, and a sign only where one is printed.
    """

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


def scaled(number: Decimal, factor: int) -> Decimal:
    """Multiplied out, without the zeros that leaves behind: 7.10 × 10000 → 71000; 43.0 × 1 stays as printed."""
    if factor == 1:
        return number
    value = number * factor
    whole = value.to_integral_value()
    return whole.quantize(Decimal(1)) if value == whole else value.normalize()
