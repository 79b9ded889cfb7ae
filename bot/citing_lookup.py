"""What `cite` finds for an id or for a sentence, and the one JSON object it is written as."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zhengwen.ingest.errors import InputError

if TYPE_CHECKING:
    from zhengwen.bot.citing import CitedQuote
    from zhengwen.index.library import Library


def look_up(library: Library, text: str, *, limit: int = 5) -> CitedQuote:
    """The places of a citation's id, a figure's id or a sentence, best first: at least one.

    Raises InputError for an unknown id and for a sentence that no report holds, with the nearest one.
    """
    from zhengwen.bot.citing import CitedQuote, cite_quote
    from zhengwen.bot.citing import cite as by_id
    from zhengwen.bot.citing_quote import is_quote

    if not is_quote(text):
        return CitedQuote(places=(by_id(library, text),), total=1)
    found = cite_quote(library, text, limit=limit)
    if not found.places:
        raise InputError(_not_found(found))
    return found


def _not_found(found: CitedQuote) -> str:
    said = "no report in the library holds this sentence or one like it"
    if found.nearest is None:
        return f"{said}; give more of it, or ingest the report it may come from"
    near = found.nearest
    place = f"{near.sources[0] if near.sources else near.title}, line {near.line}"
    return f"{said}; the nearest is {near.match.score:.2f} alike, too little: '{near.match.text}' ({place}, {near.id})"


def places_json(found: CitedQuote) -> dict[str, Any]:
    """The first place with every field, then how many there are, and the further ones as `others`."""
    first, *others = [place.model_dump(mode="json") for place in found.places]
    return first | {"total": found.total, "more": found.more, "others": others}
