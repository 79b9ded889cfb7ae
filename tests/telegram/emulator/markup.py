"""parse_mode: HTML text becomes plain text and entities, or the error that Telegram answers.

The rules are those of the server: a closed set of tags, every tag closed in order, four named entities, numbers by
`&#…;`; anything else behind `&` stays as it stands. Byte offsets in the errors count UTF-8 bytes of what was sent.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

from tests.telegram.emulator.errors import ApiError, bad
from tests.telegram.emulator.text import Entity, units

TAGS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "span": "spoiler", "tg-spoiler": "spoiler",
    "a": "text_link", "code": "code", "pre": "pre", "blockquote": "blockquote", "tg-emoji": "custom_emoji",
}  # fmt: skip
SPACE = " \t\r\n\0\v"
REFERENCE = re.compile(r"&(?:#(?P<number>\d+)|#x(?P<hex>[0-9a-fA-F]+)|(?P<name>lt|gt|amp|quot)(?![0-9A-Za-z]));?")
MAX_ENTITIES = 100


@dataclass
class Open:
    tag: str
    offset: int
    """UTF-16 offset at which the tag's content begins."""
    argument: str = ""


@dataclass
class Formatted:
    text: str
    entities: list[Entity] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """What Telegram would swallow without an error but a careful bot does not send."""


class HtmlParser:
    """One pass over one text; `parse_html` is the way in."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.text: list[str] = []
        self.length = 0
        self.open: list[Open] = []
        self.entities: list[Entity] = []
        self.notes: list[str] = []

    def parse(self) -> Formatted:
        while self.at < len(self.source):
            character = self.source[self.at]
            if character == "&":
                self._put(self._reference())
            elif character == "<":
                self._tag()
            else:
                self.at += 1
                self._put(character)
        if self.open:
            raise self._error(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')
        return Formatted("".join(self.text), self.entities, self.notes)

    def _put(self, characters: str) -> None:
        self.text.append(characters)
        self.length += units(characters)

    def _error(self, message: str, at: int | None = None, more: str = "") -> ApiError:
        place = "" if at is None else f" at byte offset {len(self.source[:at].encode())}"
        return bad(f"can't parse entities: {message}{place}{more}")

    def _peek(self) -> str:
        return self.source[self.at] if self.at < len(self.source) else "\0"

    def _skip_spaces(self) -> None:
        while self.at < len(self.source) and self.source[self.at] in SPACE:
            self.at += 1

    def _until(self, stops: str) -> str:
        start = self.at
        while self.at < len(self.source) and self.source[self.at] not in stops:
            self.at += 1
        return self.source[start : self.at]

    def _reference(self) -> str:
        match = REFERENCE.match(self.source, self.at)
        if match is None or (match["number"] and int(match["number"]) >= 0x10FFFF):
            self.at += 1
            return "&"
        self.at = match.end()
        code = int(match["number"]) if match["number"] else int(match["hex"], 16) if match["hex"] else 0
        return chr(code) if code else html.unescape(f"&{match['name']};")

    def _tag(self) -> None:
        begin = self.at
        self.at += 1
        if self._peek() == "/":
            self.at += 1
            self._end_tag(begin)
        else:
            self._start_tag(begin)

    def _start_tag(self, begin: int) -> None:
        tag = self._until(SPACE + ">").lower()
        if self.at >= len(self.source):
            raise self._error("Unclosed start tag", begin)
        if tag not in TAGS:
            raise self._error(f'Unsupported start tag "{tag}"', begin)
        opened = Open(tag, self.length)
        while True:
            self._skip_spaces()
            if self._peek() == ">":
                break
            self._attribute(opened, begin)
        self.at += 1
        if tag == "span" and opened.argument != "spoiler":
            raise self._error('Tag "span" must have class "tg-spoiler"', begin)
        if tag == "blockquote" and any(one.tag == "blockquote" for one in self.open):
            self.notes.append("blockquotes can't be nested")
        if any(one.tag in ("code", "pre") for one in self.open) and (self.open[-1].tag, tag) != ("pre", "code"):
            self.notes.append(f"<{tag}> inside code or pre is dropped")
        self.open.append(opened)

    def _attribute(self, opened: Open, begin: int) -> None:
        name = self._until(SPACE + "=>").lower()
        if not name:
            raise self._error(f'Empty attribute name in the tag "{opened.tag}"', begin)
        self._skip_spaces()
        value = ""
        if self._peek() == "=":
            self.at += 1
            self._skip_spaces()
            value = self._value(begin)
        elif not (opened.tag == "blockquote" and name == "expandable"):
            raise self._error(f'Expected equal sign in declaration of an attribute of the tag "{opened.tag}"', begin)
        if self.at >= len(self.source):
            raise self._error("Unclosed start tag", begin)
        if (opened.tag, name) in {("a", "href"), ("tg-emoji", "emoji-id")}:
            opened.argument = value
        elif opened.tag == "code" and name == "class" and value.startswith("language-"):
            opened.argument = value.removeprefix("language-")
        elif opened.tag == "span" and name == "class" and value.startswith("tg-"):
            opened.argument = value.removeprefix("tg-")
        elif opened.tag == "blockquote" and name == "expandable":
            opened.argument = "expandable"

    def _value(self, begin: int) -> str:
        quote = self._peek()
        if quote not in "'\"":
            start = self.at
            while self._peek().isascii() and (self._peek().isalnum() or self._peek() in ".-"):
                self.at += 1
            if self._peek() not in SPACE + ">":
                raise self._error("Unexpected end of name token", start)
            return self.source[start : self.at].lower()
        self.at += 1
        parts: list[str] = []
        while self.at < len(self.source) and self._peek() != quote:
            if self._peek() == "&":
                parts.append(self._reference())
            else:
                parts.append(self._peek())
                self.at += 1
        if self.at >= len(self.source):
            raise self._error("Unclosed start tag", begin)
        self.at += 1
        return "".join(parts)

    def _end_tag(self, begin: int) -> None:
        if not self.open:
            raise self._error("Unexpected end tag", begin)
        name = self._until(SPACE + ">").lower()
        self._skip_spaces()
        if self._peek() != ">":
            raise self._error("Unclosed end tag", begin)
        self.at += 1
        opened = self.open.pop()
        if name and name != opened.tag:
            raise self._error("Unmatched end tag", begin, f', expected "</{opened.tag}>", found "</{name}>"')
        if self.length > opened.offset:
            self._close(opened)

    def _close(self, opened: Open) -> None:
        kind = TAGS[opened.tag]
        entity: Entity = {"type": kind, "offset": opened.offset, "length": self.length - opened.offset}
        if kind == "text_link":
            if not re.match(r"(https?|tg|tonsite)://\S+$", opened.argument):
                return  # Telegram shows a link to nowhere as plain text
            entity["url"] = opened.argument
        elif kind == "blockquote" and opened.argument:
            entity["type"] = "expandable_blockquote"
        elif kind == "custom_emoji":
            entity["custom_emoji_id"] = opened.argument
        elif opened.tag == "code" and self.open and self.open[-1].tag == "pre":
            self.open[-1].argument = opened.argument
            return
        elif kind == "pre" and opened.argument:
            entity["language"] = opened.argument
        self.entities.append(entity)


def parse_html(source: str) -> Formatted:
    """`parse_html("<b>7198</b>人")` → text `7198人`, one bold entity of length 4. Raises ApiError 400."""
    return HtmlParser(source).parse()


def tidy(formatted: Formatted) -> Formatted:
    """White space around the whole text is cut off, as the server does, and the entities move along."""
    lead = len(formatted.text) - len(formatted.text.lstrip())
    text = formatted.text.strip()
    shift, end = units(formatted.text[:lead]), units(text)
    entities: list[Entity] = []
    for one in formatted.entities:
        start = max(0, one["offset"] - shift)
        stop = min(end, one["offset"] + one["length"] - shift)
        if start < stop:
            entities.append({**one, "offset": start, "length": stop - start})
    entities.sort(key=lambda one: (one["offset"], -one["length"]))
    if len(entities) > MAX_ENTITIES:
        formatted.notes.append(f"{len(entities)} entities: those after the first {MAX_ENTITIES} are dropped")
    return Formatted(text, entities[:MAX_ENTITIES], formatted.notes)
