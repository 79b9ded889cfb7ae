"""What a question wants: which kind of answer, and which values, unit by unit.

`read_asks("老旧小区的面积是多少？受益居民多少户？", [], cues())`: two asks, 老旧小区 面积, and 受益居民 in 户.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from zhengwen.bot.intents_leaning import from_and_to, like_before, local_status, of_another_status
from zhengwen.bot.intents_units import Found, implied, question_words, shifted, units_table, wanted
from zhengwen.bot.intents_words import (
    GAP,
    Cues,
    content,
    members,
    spelled,
)
from zhengwen.bot.query import Ask, Intent, Want
from zhengwen.ingest.indicators import indicators
from zhengwen.ingest.regions import gazetteer

_BREAK = "？?；;，,。!！"
_BRACKET = re.compile(r"[（(](?P<term>[\u4e00-\u9fffA-Za-z]{2,12})[）)]")


def read_intent(text: str, cues: Cues, *, regions: int, periods: int, long_period: bool = False) -> tuple[Intent, bool]:
    """The kind of answer wanted, and whether every year is asked for."""
    table = cues["intents"]
    number = re.search(cues["number"], text) is not None
    each = re.search(table["series"], text) is not None or periods >= 3
    each = each and not re.search(table["one_value"], text)
    if each and (number or periods or indicators().find(text)):
        return "series", True
    compared = re.search(table["compare"], text)
    ranked = number or compared or re.search(cues["ranking"], text)
    if regions <= 1 and periods <= 1 and ranked and re.search(table["over_regions"], text):
        return "superlative", False
    if compared and (regions > 1 or periods > 1):
        return "compare", False
    if compared and re.search(table["superlative"], text) and not number:
        return "superlative", False
    if periods == 1 and long_period and re.search(r"列出|列一下|列举|分别|各年", text):
        return "series", True
    plain = not number and not any(re.search(table[name], text) for name in ("who_when", "definition", "list"))
    if (regions > 1 or periods > 1) and (number or (plain and indicators().find(text))):
        return "compare", False
    if not number:
        for name in ("who_when", "definition", "list", "superlative", "topic"):
            if re.search(table[name], text):
                return name, False
    return "value", False


def read_asks(text: str, taken: Sequence[tuple[int, int]], cues: Cues) -> tuple[tuple[Ask, ...], str]:
    """The asked values in order, and all content words of the question."""
    masked = _masked(text, taken)
    if (bracket := _BRACKET.search(masked)) and question_words(masked[: bracket.start()], cues):
        # 还养着多少头猪（存栏）？: what stands in brackets behind the question word names the thing.
        plain = masked[: bracket.start()] + GAP * len(bracket[0]) + masked[bracket.end() :]
        asks, words = _read_asks(plain, cues)
        gloss = content(bracket["term"], cues)
        if gloss and len(asks) == 1 and not question_words(bracket["term"], cues):
            ask = asks[0].model_copy(update={"gloss": gloss, "words": f"{asks[0].words} {gloss}".strip()})
            return (ask,), f"{words} {gloss}".strip()
    return _read_asks(masked, cues)


def _read_asks(masked: str, cues: Cues) -> tuple[tuple[Ask, ...], str]:
    asks: list[Ask] = []
    carried = ""
    segments = _segments(masked)
    for number, (start, end) in enumerate(segments):
        part = masked[start:end]
        found = question_words(part, cues)
        following = masked[slice(*segments[number + 1])] if number + 1 < len(segments) else ""
        if not found and part.endswith("呢") and question_words(following, cues) and not asks:
            carried += part.removesuffix("呢") + GAP  # 财政收入呢，降了多少: one question
            continue
        if found:
            if re.search(r"[\u4e00-\u9fff]{2}(?:里面?|当中|之中|其中)\x00?$", carried):
                # 新发贷款里，按揭贷款是多少: the whole only says where the part stands
                carried = carried if not content(part[: found[0].start], cues) else ""
            asks += _asks_of(carried + part, [shifted(one, len(carried)) for one in found], cues, asks)
            carried = ""
        elif asks and re.fullmatch(cues["bare_ask"], part.strip(GAP + " ")):
            asks += [like_before(part.strip(GAP + " ") + "呢", cues, asks)]
        elif part.endswith("呢") and (asks or len(part) > 1):
            asks += [like_before(part, cues, asks)]
        elif asks:
            continue
        else:
            carried += part + GAP
    asks = of_another_status(asks, cues)
    plain = re.sub("|".join((cues["want"]["growth"], cues["want"]["rank"], cues["ask"])), GAP, spelled(masked))
    words = content(plain, cues)
    return tuple(asks) or _whole(masked, words, cues), words


def _whole(masked: str, words: str, cues: Cues) -> tuple[Ask, ...]:
    """A question without a question word of number: GDP哪个高, 滨城区2020年新增就业."""
    masked = spelled(masked)
    growth = re.search(r"增速|增长|增幅|涨幅", masked)
    own = content(re.sub(f"{cues['want']['growth']}|{cues['want']['rank']}", GAP, masked), cues) or words
    share = not growth and re.search(r"(?:比重|占比|份额)$", own) is not None
    units, money = (frozenset[str](), False) if growth or share else implied(own, cues)
    want: Want = "growth" if growth else "share" if share else "any"
    ask = Ask(words=own, head=own, want=want, units=units, money=money, guessed=bool(units) or money)
    return (ask,) if own else ()


def _masked(text: str, taken: Sequence[tuple[int, int]]) -> str:
    characters = list(text)
    for start, end in taken:
        characters[start:end] = GAP * (end - start)
    return "".join(characters)


def _segments(text: str) -> list[tuple[int, int]]:
    spans, start = [], 0
    for at, character in enumerate(text):
        if character in _BREAK:
            spans.append((start, at))
            start = at + 1
    spans.append((start, len(text)))
    return [(a, b) for a, b in spans if text[a:b].strip(" \x00")]


def _asks_of(part: str, found: list[Found], cues: Cues, before: list[Ask]) -> list[Ask]:
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
    return from_and_to(asks, part)


def _coordinated(head: str, tail: str, one: Found, cues: Cues, *, first: bool) -> list[Ask]:
    """城市和农村低保标准分别是多少: one ask a part; otherwise one."""
    each = re.search(r"分别|各(?!类|种|级|界|项|族|地|校|方|部)", head + tail)
    parts = [p for p in members(head) if content(p, cues)]
    if not each and not all(indicators().find(part) for part in parts):
        parts = []  # 旅游总收入和接待游客数是多少: two names; 改革和发展投入多少 is one thing
    if len(parts) < 2:
        return [_ask(head, tail, one, cues, first=first)]
    last = content(parts[-1], cues).replace(" ", "")
    verb = head[each.start() :] if each and each.start() < len(head) else ""
    asks: list[Ask] = []
    for part in parts:
        own = content(part, cues)
        if len(own) <= 4 and len(last) > len(own) + 2 and part is not parts[-1]:
            own = own + last[len(own) :]
        asks.append(_ask(own + GAP + verb, tail, one, cues, first=first and not asks))
    return asks


def _ask(head: str, tail: str, one: Found, cues: Cues, *, first: bool) -> Ask:
    """What one question word asks, from the words before (`head`) and behind it (`tail`)."""
    head = spelled(head)
    want = wanted(head, one, cues)
    words = _words(head, tail, want, cues)
    units, money = _units(head, want, one, cues)
    guessed = want in ("any", "value") and not (units or money or one.times)
    if guessed:
        units, money = implied(words if not tail else content(tail, cues) or words, cues)
    # 占全国多少: the subject is that of the ask before.
    leaning = want in ("share", "percent") and head.strip(GAP + " ").startswith("占")
    return Ask(
        words=words,
        head=content(tail[:10], cues) or content(head[-7:], cues),
        want=want,
        units=frozenset() if money else units,
        money=money,
        large=one.times != "" or cues["unit_words"].get(one.unit) == "big",
        end="to" if re.search(r"[从由自将]\d[^\x00]*(?:到|至|为|成)了?$", head) else "",
        guessed=guessed and want == "any" and (bool(units) or money),
        elliptical=not first and (not words or leaning),
        status=local_status(head + tail, cues),
    )


def _words(head: str, tail: str, want: Want, cues: Cues) -> str:
    """The words of the thing asked, without those that only say what is wanted of it: 增长, 排第, 完成了."""
    bare = re.sub(cues["want"]["level_verb"] + cues["between"], GAP, head) + GAP + tail
    if drop := {"growth": "growth", "pp": "growth", "rank": "rank"}.get(want):
        bare = re.sub(cues["want"][drop], GAP, bare)
    if want == "completion":
        bare = re.sub(cues["want"]["completed"], GAP, bare)
    words = content(bare, cues)
    if want == "share" and words in ("比", "比重", "比例", "占比", "份额"):
        return ""
    if want == "rank":  # 在江西排第几: the field of the rank, not what is ranked
        return " ".join(word for word in words.split() if not _field(word))
    return words


def _units(head: str, want: Want, one: Found, cues: Cues) -> tuple[frozenset[str], bool]:
    """The units that the question word takes, and whether it asks for money: 多少亿元, 几成, 赚了多少."""
    spoken = cues["unit_words"].get(one.unit, "")
    money = spoken == "money" or one.unit in units_table()[1]
    units = frozenset(cues["families"].get(spoken, ())) if spoken and not money else frozenset({one.unit} - {""})
    if one.word == "几成":
        units = frozenset({"成", "%"})
    if "百分之" in one.word:
        units = frozenset({"%"})
    if want == "growth" and one.unit in ("位", "名", "个位次", "位次"):
        units = frozenset({"位", "名", "个位次", "位次"})
    if want == "any" and re.search(r"(?:赚|挣|进账|掏|花)(?:了|到|掉|出去?)?$", head.strip(GAP + " ")):
        money = True  # 旅游赚了多少
    return units, money


def _field(words: str) -> bool:
    """全国, 江西: a place alone."""
    if words in ("全国", "全省", "全市", "全区", "全县", "省内", "国内"):
        return True
    return any(one.text == words for one in gazetteer().find(words))
