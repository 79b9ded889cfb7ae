"""What a question wants: which kind of answer, and which values, unit by unit.

`read_asks("老旧小区的面积是多少？受益居民多少户？", [], cues())`: two asks, 老旧小区 面积, and 受益居民 in 户.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from zhengwen.bot.query import Ask, Intent, StatusAsked, Want

Cues = Mapping[str, Any]
_BREAK = "？?；;，,。!！"
_TIMES = r"(?:万亿|千亿|百亿|千万|百万|十万|亿|万)"
_GAP = "\x00"
_EMPTY_WORDS = re.compile(
    r"(?:历次|历年|历届)?(?:政府)?工作报告|统计公报|数?多还是少"
    r"|(?<=[\u4e00-\u9fffA-Z])[更最较]?[高低快慢差多大小](?=[\x00\s]|$)"
)
"""The report itself, and comparatives at the end of a run: what is asked is not in them."""
_COMPARED = frozenset("高低快慢多少大小强弱差")
_JOINTS = frozenset({"、", "和", "与", "及", "以及"})


class _Found(NamedTuple):
    """One question word with its unit: `text[start:end]`."""

    start: int
    end: int
    word: str
    times: str
    unit: str


def read_intent(text: str, cues: Cues, *, regions: int, periods: int, long_period: bool = False) -> tuple[Intent, bool]:
    """The kind of answer wanted, and whether every year is asked for."""
    table = cues["intents"]
    number = re.search(cues["number"], text) is not None
    each = re.search(table["series"], text) is not None or periods >= 3
    if each and (number or periods):
        return "series", True
    compared = re.search(table["compare"], text)
    if compared and (regions > 1 or periods > 1):
        return "compare", False
    if compared and re.search(table["superlative"], text) and not number:
        return "superlative", False
    if periods == 1 and long_period and re.search(r"列出|列一下|列举|分别|各年", text):
        return "series", True
    if (regions > 1 or periods > 1) and number:
        return "compare", False
    if not number:
        for name in ("who_when", "definition", "list", "superlative", "topic"):
            if re.search(table[name], text):
                return name, False
    return "value", False


@cache
def _units() -> tuple[re.Pattern[str], frozenset[str]]:
    """The units of ingest/units.yaml as a pattern, longest first, and those of money."""
    import zhengwen.ingest as ingest

    text = (Path(str(ingest.__file__)).parent / "units.yaml").read_text(encoding="utf-8")
    table = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    money = frozenset(table["money"]["units"])
    units = {unit for family in table.values() if isinstance(family, dict) for unit in family.get("units", ())}
    return re.compile("|".join(re.escape(unit) for unit in sorted(units, key=len, reverse=True))), money


def read_asks(text: str, taken: Sequence[tuple[int, int]], cues: Cues) -> tuple[tuple[Ask, ...], str]:
    """The asked values in order, and all content words of the question."""
    masked = _masked(text, taken)
    asks: list[Ask] = []
    carried = ""
    segments = _segments(masked)
    for number, (start, end) in enumerate(segments):
        part = masked[start:end]
        found = _question_words(part, cues)
        following = masked[slice(*segments[number + 1])] if number + 1 < len(segments) else ""
        if not found and part.endswith("呢") and _question_words(following, cues) and not asks:
            carried += part.removesuffix("呢") + _GAP  # 财政收入呢，降了多少: one question
            continue
        if found:
            asks += _asks_of(carried + part, [_shift(one, len(carried)) for one in found], cues, asks)
            carried = ""
        elif part.endswith("呢") and (asks or len(part) > 1):
            asks += [_like_before(part, cues, asks)]
        elif asks:
            continue
        else:
            carried += part + _GAP
    plain = re.sub("|".join((cues["want"]["growth"], cues["want"]["rank"], cues["ask"])), _GAP, _spelled(masked))
    words = content(plain, cues)
    return tuple(asks) or _whole(masked, words, cues), words


def _whole(masked: str, words: str, cues: Cues) -> tuple[Ask, ...]:
    """A question without a question word of number: GDP哪个高, 滨城区2020年新增就业."""
    masked = _spelled(masked)
    growth = re.search(r"增速|增长|增幅|涨幅", masked)
    own = content(re.sub(f"{cues['want']['growth']}|{cues['want']['rank']}", _GAP, masked), cues) or words
    units, money = (frozenset[str](), False) if growth else _implied(own, cues)
    ask = Ask(words=own, head=own, want="growth" if growth else "any", units=units, money=money)
    return (ask,) if own else ()


def _masked(text: str, taken: Sequence[tuple[int, int]]) -> str:
    characters = list(text)
    for start, end in taken:
        characters[start:end] = _GAP * (end - start)
    return "".join(characters)


def _segments(text: str) -> list[tuple[int, int]]:
    spans, start = [], 0
    for at, character in enumerate(text):
        if character in _BREAK:
            spans.append((start, at))
            start = at + 1
    spans.append((start, len(text)))
    return [(a, b) for a, b in spans if text[a:b].strip(" \x00")]


def _shift(found: _Found, by: int) -> _Found:
    return found._replace(start=found.start + by, end=found.end + by)


def _question_words(part: str, cues: Cues) -> list[_Found]:
    result: list[_Found] = []
    at = 0
    pattern = re.compile(cues["ask"])
    words = sorted(cues["unit_words"], key=len, reverse=True)
    part = re.sub(cues["not_ask"], lambda match: _GAP * len(match[0]), part)
    while match := pattern.search(part, at):
        end, times, unit = match.end(), "", ""
        if match[0] in ("多少", "几", "多", "多大", "多长", "多久", "多重", "多远"):
            if multiple := re.compile(_TIMES).match(part, end):
                times, end = multiple[0], multiple.end()
            known = _units()[0].match(part, end)
            spoken = next((word for word in words if part.startswith(word, end)), "")
            if match[0] in ("多长", "多久", "多重", "多远", "多大") and not known:
                spoken = match[0][1:] + ("面积" if part.startswith("面积", end) else "")
                unit = spoken if spoken in cues["unit_words"] else ""
                end += 2 if "面积" in spoken else 0
            elif known and len(known[0]) >= len(spoken):
                unit, end = known[0], known.end()
            elif spoken and spoken not in ("大面积",):
                unit, end = spoken, end + (0 if spoken in ("面积", "资金", "经费") else len(spoken))
        if not (match[0] == "几" and not unit and not times):
            result.append(_Found(match.start(), end, match[0], times, unit))
        at = max(end, match.end())
    return result


def _asks_of(part: str, found: list[_Found], cues: Cues, before: list[Ask]) -> list[Ask]:
    asks: list[Ask] = []
    left = 0
    for number, one in enumerate(found):
        head = part[left : one.start]
        following = found[number + 1].start if number + 1 < len(found) else len(part)
        tail = part[one.end : following]
        if number + 1 < len(found):
            cut = re.search(r"[、和与及]|\x00", tail)
            tail, left = (tail[: cut.start()], one.end + cut.end()) if cut else ("", one.end)
        asks += _coordinated(head, tail, one, cues, first=not (asks or before))
    return _ends(asks, part)


def _coordinated(head: str, tail: str, one: _Found, cues: Cues, *, first: bool) -> list[Ask]:
    """城市和农村低保标准分别是多少: one ask a part; otherwise one."""
    each = re.search(r"分别|各(?!类|种|级|界|项|族|地|校|方|部)", head + tail)
    parts = [p for p in _members(head) if content(p, cues)] if each else []
    if len(parts) < 2:
        return [_ask(head, tail, one, cues, first=first)]
    last = content(parts[-1], cues).replace(" ", "")
    verb = head[each.start() :] if each and each.start() < len(head) else ""
    asks = []
    for part in parts:
        own = content(part, cues)
        if len(own) <= 4 and len(last) > len(own) + 2 and part is not parts[-1]:
            own = own + last[len(own) :]
        asks.append(_ask(own + _GAP + verb, tail, one, cues, first=first))
    return asks


def _members(text: str) -> list[str]:
    """A和B, A、B: the members; by words, since 普及率 holds no 及."""
    import rjieba

    return re.split("\n", "".join("\n" if word in _JOINTS else word for word in rjieba.cut(text)))


def _spelled(text: str) -> str:
    """A name that holds its own verb is put apart from it: 经济增长 → 地区生产总值增长; GDP is written out."""
    from zhengwen.ingest.indicators import indicators

    for mention in reversed(indicators().find(text)):
        if mention.alias.isascii() and not mention.name.isascii() and re.fullmatch(r"[\u4e00-\u9fff]+", mention.name):
            text = text[: mention.start] + mention.name + text[mention.end :]
        elif re.search(r"增[长速]", mention.alias) and not re.search(r"增[长速]", mention.name):
            text = text[: mention.start] + mention.name + "增长" + text[mention.end :]
    return text


def _ask(head: str, tail: str, one: _Found, cues: Cues, *, first: bool) -> Ask:
    head = _spelled(head)
    want = _want(head, one, cues)
    drop = {"growth": "growth", "pp": "growth", "rank": "rank"}.get(want)
    bare = re.sub(cues["want"]["level_verb"] + cues["between"], _GAP, head) + _GAP + tail
    if drop:
        bare = re.sub(cues["want"][drop], _GAP, bare)
    if want == "completion":
        bare = re.sub(cues["want"]["completed"], _GAP, bare)
    words = content(bare, cues)
    if want == "share" and words in ("比重", "比例", "占比", "份额"):
        words = ""
    families = cues["families"]
    spoken = cues["unit_words"].get(one.unit, "")
    money = spoken == "money" or one.unit in _units()[1]
    units = frozenset(families.get(spoken, ())) if spoken and not money else frozenset({one.unit} - {""})
    if one.word == "几成":
        units = frozenset({"成", "%"})
    if "百分之" in one.word:
        units = frozenset({"%"})
    if want == "growth" and one.unit in ("位", "名", "个位次", "位次"):
        units = frozenset({"位", "名", "个位次", "位次"})
    if want in ("any", "value") and not (units or money or one.times):
        units, money = _implied(words if not tail else content(tail, cues) or words, cues)
    near = content(tail[:10], cues) or content(head[-7:], cues)
    return Ask(
        words=words,
        head=near,
        want=want,
        units=frozenset() if money else units,
        money=money,
        large=one.times != "" or spoken == "big",
        end="to" if re.search(r"[从由自将]\d[^\x00]*(?:到|至|为|成)了?$", head) else "",
        elliptical=not words and not first,
        status=_local_status(head + tail, cues),
    )


def _implied(words: str, cues: Cues) -> tuple[frozenset[str], bool]:
    """面积 is counted in 亩 or 平方米, 人数 in 人, 收入 in money."""
    for pattern, family in cues["implied"].items():
        if any(re.search(pattern, run) for run in words.split()):
            return frozenset(cues["families"].get(family, ())), family == "money"
    return frozenset(), False


def _local_status(text: str, cues: Cues) -> StatusAsked | None:
    text = re.sub(cues["of_completion"], "", text)
    if any(word in text for word in cues["actual"]):
        return "actual"
    return "target" if re.search(cues["target"], text.replace(_GAP, " ").strip()) else None


def _want(head: str, one: _Found, cues: Cues) -> Want:
    table, between = cues["want"], cues["between"]
    if re.search(r"(?:提升|上升|前移|前进|提高|下降|后移)了?$", head) and one.unit in ("位", "名", "个位次", "位次"):
        return "growth"
    if "第几" in one.word or (one.unit in ("位", "名") and re.search(r"第$|排名?$|居$|列$", head)):
        return "rank"
    if re.search(r"排(?:名|行)?$|名次(?:是)?$|位次(?:是)?$", head):
        return "rank"
    if "百分点" in one.word or "百分点" in one.unit:
        return "pp"
    if "倍" in one.word or one.unit == "倍":
        return "times"
    completion = re.search(table["completion"], head[-16:])
    percent = "百分之" in one.word or one.word.endswith("%") or one.word == "几成"
    if completion and (percent or not one.unit) and not one.times:
        return "completion"
    share = re.search(table["share"] + between, head)
    level = re.search(table["level_verb"] + between, head)
    growth = None if level else re.search(table["growth"] + between, head)
    if percent:
        return "growth" if growth else "share" if share else "percent"
    if one.unit or one.times:
        return "value"
    if one.word == "多快" or "降" in one.word or "跌" in one.word:
        return "growth"
    if share:
        return "share"
    return "growth" if growth else "value" if level else "any"


def _like_before(part: str, cues: Cues, asks: list[Ask]) -> Ask:
    """战略性新兴产业投资呢？: asks what the part before asked, of another thing."""
    part = _spelled(part)
    growth = re.search(r"增速|增幅|增长", part)
    words = content(re.sub(cues["want"]["growth"], _GAP, part) if growth else part, cues)
    before = asks[-1] if asks else Ask(words="")
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
        elliptical=not words,
        status=_local_status(part, cues),
    )


def _ends(asks: list[Ask], part: str) -> list[Ask]:
    """从多少提高到多少: two asks of one thing."""
    if len(asks) == 2 and re.search(r"[从由自](?:\x00|[\u4e00-\u9fff]){0,12}?(?:多少|几)", part) and "到" in part:
        words = asks[0].words or asks[1].words
        units = asks[0].units or asks[1].units
        both: dict[str, object] = {"words": words, "head": words, "elliptical": False, "units": units, "want": "value"}
        return [asks[0].model_copy(update={**both, "end": "from"}), asks[1].model_copy(update={**both, "end": "to"})]
    return asks


@cache
def _stop_words() -> frozenset[str]:
    text = (Path(__file__).parent / "question.yaml").read_text(encoding="utf-8")
    return frozenset(yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))["stop"])


def content(text: str, cues: Cues) -> str:
    """The words that say what is asked, function words dropped; runs that stood together stay together."""
    import rjieba

    del cues
    stop, runs, run = _stop_words(), [], ""
    text = re.sub(r"(?<=[\u4e00-\u9fff])[是为有在](?=[\x00\s，,]|$)", _GAP, text)
    text = re.sub(r"(?<![\u4e00-\u9fff])(?:以[内上下外]|左右|上下)(?![\u4e00-\u9fff])", _GAP, text)
    text = _EMPTY_WORDS.sub(_GAP, text)
    for word in rjieba.cut(text):
        if word in stop or not re.search(r"[\w+%]", word):
            # Quotation marks inside a name do not part it: “退减缓”税费.
            if word not in "“”\"'「」『』《》":
                runs.append(run)
                run = ""
            continue
        run += word
    runs.append(run)
    return " ".join(run for run in runs if run and run not in _COMPARED)
