"""What the records of `ingest.models` are made of: an immutable base, exact decimals, and spans of time."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from decimal import Decimal
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, PlainSerializer, model_validator

PlainDecimal = Annotated[Decimal, PlainSerializer(lambda value: format(value, "f"), return_type=str, when_used="json")]


class Record(BaseModel):
    """Base of every record: immutable, and an unknown field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Period(Record):
    """An absolute span of days, both ends included; whole months in practice.

    Prints and parses as `2020`, `2016-2020`, `2021-01..2021-11`, and `2021-05` for one month.
    """

    start: dt.date
    end: dt.date

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.end < self.start:
            raise ValueError(f"period ends before it starts: {self.start}..{self.end}")
        return self

    @classmethod
    def years(cls, first: int, last: int | None = None) -> Self:
        """`Period.years(2020)` is the year; `Period.years(2016, 2020)` a span of whole years."""
        return cls(start=dt.date(first, 1, 1), end=dt.date(last if last is not None else first, 12, 31))

    @classmethod
    def months(cls, year: int, first: int, last: int, *, last_year: int | None = None) -> Self:
        """`Period.months(2021, 1, 11)` is January to November 2021."""
        end_year = last_year if last_year is not None else year
        return cls(start=dt.date(year, first, 1), end=dt.date(end_year, last, calendar.monthrange(end_year, last)[1]))

    @classmethod
    def parse(cls, text: str) -> Self:
        """The inverse of `str()`. Raises ValueError for anything else."""
        if match := re.fullmatch(r"(\d{4})(?:-(\d{4}))?", text):
            return cls.years(int(match[1]), int(match[2]) if match[2] else None)
        if match := re.fullmatch(r"(\d{4})-(\d{2})(?:\.\.(\d{4})-(\d{2}))?", text):
            year, month = int(match[1]), int(match[2])
            return cls.months(year, month, int(match[4] or month), last_year=int(match[3] or year))
        raise ValueError(f"not a period: {text!r} (expected 2020, 2016-2020, 2021-01..2021-11 or 2021-05)")

    @property
    def is_year(self) -> bool:
        """True for exactly one calendar year."""
        return self.whole_years and self.start.year == self.end.year

    @property
    def whole_years(self) -> bool:
        return (self.start.month, self.start.day, self.end.month, self.end.day) == (1, 1, 12, 31)

    def contains(self, other: Period) -> bool:
        return self.start <= other.start and other.end <= self.end

    def __str__(self) -> str:
        if self.whole_years:
            return str(self.start.year) if self.is_year else f"{self.start.year}-{self.end.year}"
        first, last = f"{self.start:%Y-%m}", f"{self.end:%Y-%m}"
        return first if first == last else f"{first}..{last}"


PeriodText = Annotated[Period, PlainSerializer(str, return_type=str, when_used="json")]
