"""What a part of a question takes from the part before it: 农村呢, 实际干到多少, 从多少提高到多少."""

from __future__ import annotations

import re

from zhengwen.bot.intents_words import GAP, Cues, content, spelled
from zhengwen.bot.query import Ask, StatusAsked, Want


def of_another_status(asks: list[Ask], cues: Cues) -> list[Ask]:
    """增长目标多少，实际干到多少: the second asks the first one's value, as a result."""
    result: list[Ask] = []
    for ask in asks:
        first = result[0] if result else None
        idle = ask.want in ("any", "value") and (not ask.words or ask.words in cues["idle"])
        if first is not None and first.words and idle and ask.status and not ask.units and not ask.money:
            ask = first.model_copy(update={"status": ask.status})
        result.append(ask)
    return result


def like_before(part: str, cues: Cues, asks: list[Ask]) -> Ask:
    """战略性新兴产业投资呢？: asks what the part before asked, of another thing."""
    part = spelled(part)
    growth = re.search(r"增速|增幅|增长|同比|环比|[涨降]幅", part)
    words = content(re.sub(cues["want"]["growth"], GAP, part) if growth else part, cues)
    before = asks[-1] if asks else Ask(words="")
    words = _contrasted(words, before.words, cues)
    share = re.search(cues["want"]["share"], part)
    want: Want = "growth" if growth else "share" if share and part.rstrip("呢")[-1:] in "率比重例" else before.want
    rank = re.search(r"排名|名次|位次", part)
    same = want == before.want and not rank
    return Ask(
        words=words,
        head=words,
        want="rank" if rank else want,
        units=before.units if same else frozenset(),
        money=before.money and same,
        large=before.large and same,
        borrowed=same and bool(before.units),
        elliptical=not words or part.startswith("占"),
        status=local_status(part, cues),
    )


def _contrasted(words: str, before: str, cues: Cues) -> str:
    """城镇低保多少，农村呢: 农村低保."""
    for group in cues["contrasts"]:
        other = next((word for word in group if word in before), "")
        if words in group and other and words != other:
            return before.replace(other, words)
    return words


def local_status(text: str, cues: Cues) -> StatusAsked | None:
    text = re.sub(cues["actual_name"], "", re.sub(cues["of_completion"], "", text))
    if any(word in text for word in cues["actual"]):
        return "actual"
    return "target" if re.search(cues["target"], text.replace(GAP, " ").strip()) else None


def from_and_to(asks: list[Ask], part: str) -> list[Ask]:
    """从多少提高到多少: two asks of one thing."""
    if len(asks) == 2 and re.search(r"[从由自](?:\x00|[\u4e00-\u9fff]){0,12}?(?:多少|几)", part) and "到" in part:
        words = asks[0].words or asks[1].words
        units = asks[0].units or asks[1].units
        both: dict[str, object] = {"words": words, "head": words, "elliptical": False, "units": units, "want": "value"}
        return [asks[0].model_copy(update={**both, "end": "from"}), asks[1].model_copy(update={**both, "end": "to"})]
    return asks
