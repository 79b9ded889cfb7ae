"""Buttons: what stands on them, and the data they carry (at most 64 bytes, ids that outlive a restart).

s:PASSAGE:FIGURE   open the source paragraph        e:FIGURE    object to a figure
p:PASSAGE:FIGURE   turn the opened paragraph to this one
y:ANSWER           the neighbouring years           g:ANSWER    the chart
c:ANSWER:I         the I-th choice                  x:I         the I-th example question
l:LIST:PAGE        turn the page of a list          u:REPORT    take a read document back
a:CODE, d:CODE     approve or decline a pairing code
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from telegram import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup

from zhengwen.bot.telegram.desk_models import Offers, SourcePage
from zhengwen.bot.telegram.texts import text

MAX_BYTES = 64
_SOURCES = 8
_A_ROW = 4
_CHOICES = 10
_LABEL = 40


def data(kind: str, *parts: object) -> str:
    """`data("s", "9334bc92a59e")` → `s:9334bc92a59e`. Raises ValueError beyond 64 bytes."""
    whole = ":".join((kind, *map(str, parts)))
    if len(whole.encode()) > MAX_BYTES:
        raise ValueError(f"callback data longer than {MAX_BYTES} bytes: {whole}")
    return whole


def parsed(whole: str | None) -> tuple[str, ...]:
    """`s:9334bc92a59e` → `("s", "9334bc92a59e")`; empty parts are kept."""
    return tuple((whole or "").split(":"))


def answer_keyboard(number: int, offers: Offers) -> InlineKeyboardMarkup | None:
    """What can be done with an answer; None where there is nothing."""
    sources = [
        _button(text("button.source", n=one.n), "s", one.passage, one.figure) for one in offers.sources[:_SOURCES]
    ]
    rows = [sources[at : at + _A_ROW] for at in range(0, len(sources), _A_ROW)]
    more = []
    if offers.years:
        more.append(_button(text("button.years"), "y", number))
    if offers.chart:
        more.append(_button(text("button.chart"), "g", number))
    if offers.copied:
        more.append(InlineKeyboardButton(text("button.copy"), copy_text=CopyTextButton(offers.copied)))
    if offers.figure:
        more.append(_button(text("button.wrong"), "e", offers.figure))
    rows += [more] if more else []
    rows += [[_button(_short(choice), "c", number, at)] for at, choice in enumerate(offers.choices[:_CHOICES])]
    return _markup(rows)


def source_keyboard(page: SourcePage, figure: str) -> InlineKeyboardMarkup | None:
    """‹ 上一段 · 下一段 ›"""
    row = []
    if page.before:
        row.append(_button(text("button.before"), "p", page.before, figure))
    if page.after:
        row.append(_button(text("button.after"), "p", page.after, figure))
    return _markup([row] if row else [])


def example_keyboard(examples: Sequence[str]) -> InlineKeyboardMarkup | None:
    """One example question a row."""
    return _markup([[_button(_short(one), "x", at)] for at, one in enumerate(examples)])


def list_keyboard(name: str, page: int, pages: int) -> InlineKeyboardMarkup | None:
    """‹ 上一页 · 下一页 ›"""
    row = []
    if page > 1:
        row.append(_button(text("button.newer"), "l", name, page - 1))
    if page < pages:
        row.append(_button(text("button.older"), "l", name, page + 1))
    return _markup([row] if row else [])


def pairing_keyboard(code: str) -> InlineKeyboardMarkup:
    """批准 · 拒绝"""
    return InlineKeyboardMarkup(
        [[_button(text("button.approve"), "a", code), _button(text("button.decline"), "d", code)]]
    )


def undo_keyboard(report: str) -> InlineKeyboardMarkup:
    """撤销读入"""
    return InlineKeyboardMarkup([[_button(text("button.undo"), "u", report)]])


def _button(label: str, kind: str, *parts: object) -> InlineKeyboardButton:
    return InlineKeyboardButton(label, callback_data=data(kind, *parts))


def _short(label: str) -> str:
    return label if len(label) <= _LABEL else label[: _LABEL - 1] + "…"


def _markup(rows: list[list[Any]]) -> InlineKeyboardMarkup | None:
    return InlineKeyboardMarkup(rows) if rows else None
