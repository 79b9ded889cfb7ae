"""Which region a question is about, when it does not say or says it unclearly."""

from __future__ import annotations

from zhengwen.bot.held import held_regions
from zhengwen.bot.messages import say
from zhengwen.bot.models import Answer
from zhengwen.bot.query import Query
from zhengwen.bot.refusal import refuse
from zhengwen.bot.wording import short
from zhengwen.index.library import Library
from zhengwen.ingest.models import Region
from zhengwen.ingest.regions import NATION, gazetteer


def settle_region(library: Library, query: Query) -> Query | Answer:
    """The query with its region, or the question back which one is meant."""
    if query.unclear:
        names = [region.name for region in query.unclear]
        last = query.unclear[0].name[-3:]
        return refuse(query.text, say("refuse.region_unclear", name=last), "ambiguous", choices=names)
    if query.intent == "superlative" and query.absent and not query.regions and _inside(library, query.absent[0]):
        # Its places are ranked; a report of its own is not needed for that.
        return query.model_copy(update={"regions": query.absent[:1], "absent": ()})
    if above := _above(library, query):
        # 合肥中欧班列: the province's report may give it, by the city's name.
        place = query.absent[0]
        note = say("region_within", place=short(place), region=short(above))
        return query.model_copy(
            update={"regions": (above,), "absent": (), "within": place, "notes": (*query.notes, note)}
        )
    if query.absent and not (query.regions and query.intent in ("list", "definition", "topic")):
        return not_held(library, query, query.absent[0])
    if query.regions or query.intent in ("list", "definition", "who_when", "topic"):
        return query
    known = held_regions(library)
    if len(known) == 1:
        region = next(iter(known.values()))
        return query.model_copy(update={"regions": (region,), "notes": (*query.notes, _taken(region))})
    if query.intent in ("series", "compare") or "国家统计局" in query.text:
        if NATION in known:
            region = known[NATION]
            return query.model_copy(update={"regions": (region,), "notes": (*query.notes, _taken(region))})
        return refuse(query.text, say("refuse.region_missing"), "region", choices=[r.name for r in known.values()][:12])
    return query


def _above(library: Library, query: Query) -> Region | None:
    """The nearest division above the only place asked, a place without a report, for a question for one value."""
    if query.regions or len(query.absent) != 1 or query.intent != "value":
        return None
    known = held_regions(library)
    above = gazetteer().parent(query.absent[0].code)
    while above is not None and above.code not in known:
        above = gazetteer().parent(above.code)
    return known[above.code] if above is not None and above.code != NATION else None


def _inside(library: Library, region: Region) -> bool:
    return any(gazetteer().within(code, region.code) for code in held_regions(library))


def _taken(region: Region) -> str:
    return say("region_taken", region=short(region))


def not_held(library: Library, query: Query, region: Region) -> Answer:
    """The refusal for a place without a report, with what is held above and below it."""
    known = held_regions(library)
    places = gazetteer()
    near = [one for code, one in known.items() if code != NATION and places.within(region.code, code)]
    near += [one for code, one in known.items() if code != region.code and places.within(code, region.code)][:6]
    text = say("refuse.region_absent", region=region.name)
    if near:
        text += say("refuse.region_absent_hint", regions="、".join(short(one) for one in near))
    return refuse(query.text, text, "region", choices=[one.name for one in near])
