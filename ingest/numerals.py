"""Numerals of Chinese reports as exact decimals: Arabic, Chinese (by place and digit by digit) and mixed.

`"12,345.6" → 12345.6`, `"三千二百亿" → 320000000000`, `"一八一七点一四" → 1817.14`, `"九百十" → 910`.
"""

from __future__ import annotations

import re
from decimal import Decimal

DIGITS = {
    "零": 0, "〇": 0, "○": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9,
}  # fmt: skip
PLACES = {"十": 10, "百": 100, "千": 1000}
TENS = {"廿": 20, "卅": 30}
MULTIPLIERS = {
    "万亿": 10**12, "千亿": 10**11, "百亿": 10**10, "十亿": 10**9, "亿": 10**8,
    "千万": 10**7, "百万": 10**6, "十万": 10**5, "万": 10**4, "千": 10**3, "百": 10**2,
}  # fmt: skip
_BLANKS = re.compile(r"[\s,，\u3000]")
_WIDE = str.maketrans("０１２３４５６７８９．·ＯOo－−", "0123456789..000--")


def arabic(text: str) -> Decimal:
    """A number in Arabic digits; thousands separators, blanks, wide digits and an O for a zero are understood.

    `arabic("181 . 6") → Decimal("181.6")`. Raises ValueError for anything else.
    """
    plain = _BLANKS.sub("", text).translate(_WIDE)
    if not re.fullmatch(r"-?\d+(\.\d+)?", plain):
        raise ValueError(f"not an Arabic number: {text!r}")
    return Decimal(plain)


def _below_ten_thousand(text: str) -> int:
    """`三千二百` → 3200, `九百十` → 910, `一百八` → 180; digits without places are read one by one: `一九` → 19."""
    if not any(character in PLACES or character in TENS for character in text):
        return int("".join(str(DIGITS[character]) for character in text)) if text else 0
    total, digit, last = 0, None, 0
    for character in text:
        if character in PLACES:
            last = PLACES[character]
            total += (1 if digit is None else digit) * last
            digit = None
        elif character in TENS:
            total, digit, last = total + TENS[character], None, 10
        else:
            last = 0 if character in "零〇○" else last
            digit = DIGITS[character]
    if digit is None:
        return total
    return total + digit * (last // 10 if last >= 100 else 1)


def chinese(text: str) -> Decimal:
    """A Chinese numeral, with 万/亿 and 点: `chinese("一万二千亿") → Decimal(1200000000000)`.

    Raises ValueError for anything that is no numeral.
    """
    if not text or text[0] == "点":
        raise ValueError(f"not a Chinese numeral: {text!r}")
    whole, _, tail = text.partition("点")
    try:
        fraction = "".join(str(DIGITS[character]) for character in tail)
        total = _grouped(whole)
    except KeyError as error:
        raise ValueError(f"not a Chinese numeral: {text!r}") from error
    return Decimal(f"{total}.{fraction}") if fraction else Decimal(total)


def _grouped(text: str) -> int:
    """Split at 亿, then at 万. `万亿` multiplies: 两万亿 is 2 × 10^12."""
    if "亿" in text:
        head, _, tail = text.rpartition("亿")
        return (_grouped(head) if head else 1) * 10**8 + (_grouped(tail) if tail else 0)
    if "万" in text:
        head, _, tail = text.rpartition("万")
        low = _below_ten_thousand(tail) if tail else 0
        if len(tail) == 1 and tail in DIGITS:
            low *= 1000
        return (_grouped(head) if head else 1) * 10**4 + low
    return _below_ten_thousand(text)


def to_chinese(number: int) -> str:
    """A number below 10^16 in Chinese: `to_chinese(3205) → "三千二百零五"`. The inverse of `chinese`."""
    if number < 0 or number >= 10**16:
        raise ValueError(f"out of range: {number}")
    if number == 0:
        return "零"
    for size, name in ((10**8, "亿"), (10**4, "万")):
        if number >= size:
            head, tail = divmod(number, size)
            gap = "零" if 0 < tail < size // 10 else ""
            return to_chinese(head) + name + gap + (to_chinese(tail) if tail else "")
    pieces: list[str] = []
    zero = False
    for size, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, size)
        if digit:
            pieces.append(("零" if zero and pieces else "") + "零一二三四五六七八九"[digit] + name)
            zero = False
        else:
            zero = bool(pieces)
    return "".join(pieces)


def is_chinese(text: str) -> bool:
    """True for a text that begins with a Chinese numeral."""
    return text[:1] in DIGITS or text[:1] in PLACES or text[:1] in TENS or text[:1] in "万亿"
