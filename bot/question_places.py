"""The places a question asks about: those of the library, those it does not hold, and names that may mean several."""

from __future__ import annotations

import re
from collections.abc import Mapping

from zhengwen.bot.cues import cues
from zhengwen.bot.question_periods import Span
from zhengwen.ingest.models import Region
from zhengwen.ingest.regions import NATION, RegionMention, gazetteer
from zhengwen.ingest.regions_table import table


def places_of(
    text: str, known: Mapping[str, Region], taken: list[Span]
) -> tuple[tuple[Region, ...], tuple[Region, ...], tuple[Region, ...]]:
    """The places asked about that the library holds, those it does not, and the choices of an unclear name."""
    places = gazetteer()
    mentions = [m for m in places.find(text) if _subject(text, m, places.find(text))]
    mentions = [m for m in _helped(text, mentions, known) if not _word_after_place(m, mentions, known)]
    held: list[Region] = []
    absent: list[Region] = []
    unclear: tuple[Region, ...] = ()
    spans: list[tuple[str, Span]] = []
    hints = [candidate.code for mention in mentions for candidate in mention.candidates if len(mention.candidates) == 1]
    for mention in mentions:
        candidates = list(mention.candidates)
        if len(candidates) > 1:
            outer = [code for code in hints if code != NATION]
            near = [c for c in candidates if any(h != c.code and places.within(c.code, h) for h in outer)]
            candidates = near or candidates
        inside = [candidate for candidate in candidates if candidate.code in known]
        if len(inside) > 1:
            exact = [c for c in inside if c.name.endswith(mention.text)]
            top = [c for c in (exact or inside) if c.level == (exact or inside)[0].level]
            inside = top if len(top) == 1 or exact else inside
            if len(inside) > 1 and inside[0].level != inside[1].level:
                inside = inside[:1]
        spans.append((candidates[0].code, (mention.start, mention.end)))
        if len(inside) == 1:
            held.append(known[inside[0].code])
        elif inside:
            unclear = tuple(inside)
        else:
            absent.append(candidates[0])
    settled = _settled(text, held, absent, unclear)
    # 全国 beside a city is no place asked about but part of what is asked: 全国平均水平, 全国沿海港口.
    national = any(region.code == NATION for region in settled[0]) or not settled[0]
    taken += [span for code, span in spans if code != NATION or national]
    return settled


def _word_after_place(mention: RegionMention, mentions: list[RegionMention], known: Mapping[str, Region]) -> bool:
    """广西港口吞吐了多少: a common word that is also the short name of a county, right behind a place that is held."""
    name = table().names.get(mention.text)
    if name is None or name.guard != "common" or any(one.code in known for one in mention.candidates):
        return False
    return any(one.end == mention.start and any(c.code in known for c in one.candidates) for one in mentions)


def _settled(
    text: str, held: list[Region], absent: list[Region], unclear: tuple[Region, ...]
) -> tuple[tuple[Region, ...], tuple[Region, ...], tuple[Region, ...]]:
    places = gazetteer()
    regions = list(dict.fromkeys(held))
    own = [region for region in regions if region.code != NATION]
    if own and len(own) < len(regions) and not re.search(r"(?:和|与|跟|比|、)全国|全国(?:和|与|跟|、|比)", text):
        regions = own
    # 朝阳市（辽宁）, 滨州市滨城区: a place that holds another one named only says where that lies.
    regions = [
        region
        for region in regions
        if region.code == NATION
        or not any(o.code != region.code and places.within(o.code, region.code) for o in regions)
    ]
    missing = [region for region in dict.fromkeys(absent) if not _mere_hint(region, regions)]
    return tuple(regions), tuple(missing), unclear if not regions else ()


def _mere_hint(absent: Region, regions: list[Region]) -> bool:
    """An absent place is only a hint where a region held lies in it: 山东滨州 without reports of 山东."""
    return any(gazetteer().within(region.code, absent.code) for region in regions)


def _helped(text: str, mentions: list[RegionMention], known: Mapping[str, Region]) -> list[RegionMention]:
    """北京、上海两地援助拉萨: asked about is the place helped, not those that help."""
    for mention in mentions[1:]:
        if re.search(cues()["helped"] + "$", text[: mention.start]):
            if not any(one.code in known for one in mention.candidates):
                # 伊春派了多少医护支援湖北: only the helper's reports can tell
                return [m for m in mentions if m.start < mention.start]
            return [m for m in mentions if m.start >= mention.start]
    return mentions


def _subject(text: str, mention: RegionMention, mentions: list[RegionMention]) -> bool:
    """A place is asked about unless it stands inside a name: 宁波舟山港, 引进北京项目, 济阳黄河大桥."""
    first = mentions[0] is mention or mentions[0] == mention
    if first:
        return True
    after = text[mention.end : mention.end + 1]
    before = text[: mention.start]
    if re.match(r"(?:港|路|街|站|桥|大桥|河|湖|籍|牌|项目|机场|高铁|企业|资金)", text[mention.end : mention.end + 2]):
        return False
    if re.search(cues()["helped"] + "$", before):
        return True
    if re.search(r"(?:去|到|往|赴|飞|通往|发往|驰援|支援)$", before):
        return False
    joined = re.search(r"(?:和|与|跟|同|比|较|及|、|,|，|或|还是|vs|VS|[（(?？。；;\s])$", before)
    previous = [m for m in mentions if m.end <= mention.start]
    if joined and previous:
        return True
    time = re.match(r"(?:19|20)?\d\d|今年|去年|呢|GDP|地区生产总值", text[mention.end :])
    return after in ("", "年", "的") or time is not None
