"""Where sentences begin and end.

A sentence ends at 。！？ together with the quotes and brackets that close after it, and at every line break.
`；` does not end one: a list under one 预计 or one year runs on past it.
"""

from __future__ import annotations

import re

# Half-width marks end a sentence only where they cannot belong to a number, an address or an abbreviation.
_END = re.compile(r"(?:[。！？]+|[!?]+(?![\w/=&]))[。！？!?]*[”’」』）)】》〉\"']*|\n+")
_CLOSING = "”’」』）)】》〉\"'"


def sentence_spans(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """The sentences of `text[start:end]` as half-open offsets into `text`, in order, without surrounding blanks.

    >>> [text[a:b] for text in ["完成100项。其中：新建3项；改建7项。"] for a, b in sentence_spans(text)]
    ['完成100项。', '其中：新建3项；改建7项。']
    """
    stop = len(text) if end is None else end
    spans: list[tuple[int, int]] = []
    at = start
    for match in _END.finditer(text, start, stop):
        _append(spans, text, at, match.end())
        at = match.end()
    _append(spans, text, at, stop)
    return spans


def _append(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    """Add text[start:end] without the blanks around it; a lone closing mark goes to the sentence before it."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start == end:
        return
    if spans and all(character in _CLOSING for character in text[start:end]):
        between = text[spans[-1][1] : start]
        if "\n" not in between:
            spans[-1] = (spans[-1][0], end)
            return
    spans.append((start, end))
