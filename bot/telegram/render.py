"""An answer as blocks: the figure first and bold, then its scope, then the sentence, then the sources.

[block("7198人", mark="b"), block("山东省滨州市滨城区 · 2020年 · …"), block("滨城区2020年…[1]。"), quote("[1] …")]
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from zhengwen.bot.models import Answer, Citation, FigureShown
from zhengwen.bot.telegram.richtext import Block, Mark, block, marked, quote
from zhengwen.bot.telegram.texts import table, text
from zhengwen.bot.wording import when

Spans = Sequence[tuple[int, int]]

_MARKER = re.compile(r"\[\d+\]")
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_TABLE_RULE = re.compile(r"^\|?[\s:|-]+\|?$")
_SENTENCE = re.compile(r"[^。！？\n]*[。！？]?")
_IN_NUMBER = tuple(".0123456789")
_HEADLINE_FIGURES = 4


def answer_blocks(answer: Answer, spots: Mapping[int, Spans]) -> list[Block]:
    """The whole message. `spots` gives, for a citation's number, where the shown figures stand in its quotation."""
    blocks = _head(answer)
    body = _body(answer, plain=bool(blocks))
    if blocks and body:
        body[0] = Block(body[0].pieces, gap=True)
    return blocks + body + source_blocks(answer.citations, spots)


def source_blocks(citations: Sequence[Citation], spots: Mapping[int, Spans]) -> list[Block]:
    """Numbered sources, each an expandable quotation with the figures highlighted."""
    blocks = []
    for number, citation in enumerate(citations):
        head = text("answer.source", n=citation.n, title=citation.title)
        date = text("source.date", date=citation.date) if citation.date else ""
        found = marked(citation.quote, spots.get(citation.n, ()))
        blocks.append(quote(head, date, "\n", *found, gap=number == 0))
    return blocks


def headline(answer: Answer) -> str:
    """The figures in one line: 266.16亿元 · 48.1万户; empty where the answer is not about a few figures."""
    shown = _few(answer)
    if not shown:
        return ""
    labels = _labels(shown)
    parts = [f"{label} {said(answer, one)}".strip() for label, one in zip(labels, shown, strict=True)]
    return text("answer.join").join(dict.fromkeys(parts))


def scope(answer: Answer) -> str:
    """What all shown figures have in common: 山东省滨州市滨城区 · 2020年 · 城镇新增就业."""
    shown = _few(answer) or answer.figures
    if not shown:
        return ""
    names = {one.indicator for one in shown}
    facts = [
        {one.region for one in shown},
        {when(one.period) for one in shown},
        names if len(names) == 1 else {"、".join(dict.fromkeys(one.indicator for one in shown))},
        {_status(one) for one in shown},
        {_scope(one) for one in shown},
        {one.basis for one in shown},
    ]
    return text("answer.join").join(one for fact in facts if len(fact) == 1 for one in fact if one)


def said(answer: Answer, figure: FigureShown) -> str:
    """The figure with the words that bound it, as the answer's own text says it: 约1.3亿元, 增长15.2%."""
    start, end = next(_phrases(figure.surface, answer.text), (0, 0))
    return answer.text[start:end] or figure.surface


def _head(answer: Answer) -> list[Block]:
    if not answer.answered or not answer.figures:
        return []
    line = headline(answer)
    if not line:
        return []
    facts = scope(answer)
    return [block(line, mark="b"), *([block(facts)] if facts else [])]


def _few(answer: Answer) -> tuple[FigureShown, ...]:
    """The figures of a headline: not those of a table, which its own lines show."""
    rows = sum(line.startswith(("- ", "|")) for line in answer.text.splitlines())
    distinct = tuple({(one.surface, one.region, one.period, one.indicator): one for one in answer.figures}.values())
    return distinct if answer.answered and not rows and len(distinct) <= _HEADLINE_FIGURES else ()


def _labels(shown: Sequence[FigureShown]) -> list[str]:
    """What tells the figures of a headline apart: the place, the time, or nothing."""
    if len({one.region for one in shown}) > 1:
        return [place(one.region) for one in shown]
    if len({one.period for one in shown}) > 1:
        return [when(one.period) for one in shown]
    return [""] * len(shown)


def place(name: str) -> str:
    """山东省滨州市滨城区 → 滨城区."""
    found = re.search(r"[^省市区县]+(?:省|市|区|县|州|盟|旗)$", name)
    return found[0] if found else name


def _scope(figure: FigureShown) -> str:
    """The scope where it tells something new: not 全市 of a city, not 城镇 of 城镇新增就业."""
    known = figure.scope in table("answer.scopes_plain") or figure.scope in figure.indicator
    return "" if known else figure.scope


def _status(figure: FigureShown) -> str:
    words = [text("answer.estimated")] if figure.estimated and figure.status == "actual" else []
    if figure.status != "actual":
        words.append(text(f"answer.{figure.status}"))
    return "".join(words)


def _body(answer: Answer, *, plain: bool) -> list[Block]:
    """The answer's own text, line by line; figures are bold where no headline has shown them."""
    blocks: list[Block] = []
    for number, line in enumerate(_lines(answer.text)):
        if not answer.answered and number == 0:
            first = _SENTENCE.match(line)
            end = first.end() if first else 0
            blocks.append(block((line[:end], "b"), line[end:]))
        elif plain:
            blocks.append(block(line))
        else:
            blocks.append(block(*_with_figures(answer, line, first=number == 0)))
    return blocks


def _with_figures(answer: Answer, line: str, *, first: bool) -> list[str | tuple[str, Mark]]:
    if first and answer.figures and not _MARKER.search(line):
        return [(line, "b")]  # the head of a table
    spans: list[tuple[int, int]] = []
    for surface in dict.fromkeys(one.surface for one in answer.figures):
        spans += _phrases(surface, line)
    return marked(line, spans)


def _lines(body: str) -> list[str]:
    """Rows get a dot, a Markdown table's rows are read out, and bold marks go."""
    lines = []
    for raw in body.splitlines():
        line = _BOLD.sub(r"\1", raw.strip())
        if not line or _TABLE_RULE.match(line):
            continue
        if line.startswith("|"):
            line = text("answer.row") + text("answer.join").join(cell.strip() for cell in line.strip("|").split("|"))
        elif line.startswith("- "):
            line = text("answer.row") + line[2:]
        lines.append(line)
    return lines


def _phrases(surface: str, line: str) -> Iterator[tuple[int, int]]:
    """Half-open offsets of the figure wherever the line says it, with the words that bound it."""
    at = line.find(surface)
    while at >= 0:
        start, end = at, at + len(surface)
        if not (line[start - 1 : start] in _IN_NUMBER or re.match(r"\d|\.\d", line[end : end + 2])):
            while word := _ended(line, start):
                start -= len(word)
            end += next((len(word) for word in table("number.after") if line.startswith(word, end)), 0)
            yield start, end
        at = line.find(surface, end)


def _ended(line: str, at: int) -> str:
    """The bounding word that ends at this place."""
    return next((word for word in table("number.before") if line.endswith(word, 0, at)), "")
