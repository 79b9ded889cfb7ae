"""Numbers with their units, as a report prints them; what only looks like a figure is left out.

`find_quantities("增长8.5%，总投资1350多亿元")` gives 8.5 % and 135000000000 元 (more_than), with their spans.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from pathlib import Path

import yaml

from zhengwen.ingest.models import Bound, FigureKind
from zhengwen.ingest.numerals import MULTIPLIERS, arabic, chinese, is_chinese

_HERE = Path(__file__).parent
_AR = r"\d{1,3}(?:[,，]\d{3})+(?!\d)(?:\.\d+)?|\d+(?:[ \u3000]?[.．·][ \u3000]?\d+|[OＯ](?=[%％]))?"
_CN_DIGIT = "零〇○一二三四五六七八九两"
_CN = rf"[{_CN_DIGIT}十廿卅](?:[{_CN_DIGIT}十万亿]|千(?![瓦克米伏升焦])|百(?!分))*(?:点[{_CN_DIGIT}]+)?"
_MULT = r"(?:万亿|千亿|百亿|十亿|千万|百万|十万|万|亿|千(?![瓦克米伏升焦])|百(?!分))"
_SEP = r"(?:[-—–－―~～]{1,2}|至|到)"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit; `text[start:end] == surface`. `value` has 万/亿 multiplied out, unsigned unless printed."""

    start: int
    end: int
    surface: str
    value: Decimal
    unit: str
    family: str
    kind: FigureKind
    bound: Bound = "exact"
    bound_start: int = -1
    bound_end: int = -1
    value_max: Decimal | None = None
    parts: tuple[Decimal, ...] = ()
    bare: bool = False
    """The unit is not printed: 10.6万 (of a list), 突破千亿, 2.61."""
    ordinal_limit: bool = False
    """前10位: among the first ten."""


@dataclass(frozen=True, slots=True)
class _Tables:
    family: dict[str, str]
    kind: dict[str, FigureKind]
    hanzi: dict[str, str]
    begins_hanzi: dict[str, re.Pattern[str]]
    after: dict[str, re.Pattern[str]]
    rank_noun: re.Pattern[str]
    reference_group: re.Pattern[str]
    reference_noun: re.Pattern[str]
    pattern: re.Pattern[str]


@cache
def _tables() -> _Tables:
    units = yaml.safe_load((_HERE / "units.yaml").read_text(encoding="utf-8"))
    decoys = yaml.safe_load((_HERE / "decoys.yaml").read_text(encoding="utf-8"))
    begins: dict[str, str] = units.pop("not_before")
    begins_hanzi = {unit: re.compile(text) for unit, text in units.pop("not_before_hanzi").items()}
    family = {unit: name for name, entry in units.items() for unit in entry["units"]}
    longest = sorted(family, key=len, reverse=True)
    alternation = "|".join(re.escape(unit) + (f"(?!{begins[unit]})" if unit in begins else "") for unit in longest)
    return _Tables(
        family=family,
        kind={name: entry["kind"] for name, entry in units.items()},
        hanzi={name: entry["hanzi"] for name, entry in units.items()},
        begins_hanzi=begins_hanzi,
        after={name: re.compile(text) for name, text in decoys["after"].items()},
        rank_noun=re.compile("|".join(re.escape(noun) for noun in sorted(decoys["rank_noun"], key=len, reverse=True))),
        reference_group=re.compile(decoys["reference_group"]),
        reference_noun=re.compile(decoys["reference_noun"]),
        pattern=_pattern(alternation),
    )


def _pattern(unit: str) -> re.Pattern[str]:
    """Every way a report prints a figure, the more special first."""
    return re.compile(
        rf"""
        第(?P<rank>\d+|[{_CN_DIGIT}十百]+)(?P<rank_unit>位|名)?
      | 前(?P<front>\d+|[{_CN_DIGIT}十百]+)(?P<front_unit>位|名)?(?=[，。；、,;!！）)]|$|行列|强)
      | (?P<of>{_CN}|{_AR}|百|千|万)分之(?P<share>[{_CN_DIGIT}十百]+(?:点[{_CN_DIGIT}]+)?|{_AR})(?P<share_more>[多余])?
      | (?P<colon>\d+(?:\.\d+)?(?:\s?[:：∶]\s?\d+(?:\.\d+)?){{1,4}}(?![\d:：]))
      | (?P<slash>\d{{1,2}}/\d{{1,3}})(?![\d/年月日])
      | (?P<n1>[-－−](?=\d)(?:{_AR})|{_AR}|{_CN})\s?(?P<i1>[余多来])?(?P<m1>{_MULT})?(?P<j1>[余多])?\s?
        (?P<u1>{unit})?
        (?:(?P<sep>{_SEP})(?P<n2>{_AR}|{_CN})(?P<m2>{_MULT})?\s?(?P<u2>{unit}))?
      | (?P<large>{_MULT})(?P<large_more>[余多])?(?P<large_unit>{unit})?
        """,
        re.VERBOSE,
    )


_BEFORE = re.compile(
    r"(?:(?P<at_least>不低于|不少于|不小于|不得低于|至少|最低|(?:跃|迈|跨|登|站|走)上了?|达到?或超过|以上)"
    r"|(?P<at_most>不超过|不高于|不大于|不多于|控制在|控制到|最多|最高|不得超过)"
    r"|(?P<more_than>超过|突破|超出|逾|高于|多于|大于|超|首破|冲破|跨过|迈过|破|过|高达|优于)"
    r"|(?P<less_than>低于|不到|不足|少于|小于|未超过|不及)"
    r"|(?P<nearly>接近|将近|逼近|近|临近|趋近)"
    r"|(?P<about>大约|约占|约为|约|大概|左右))"
    r"(?:了|达到?|至|到)?(?:平均)?(?:每[人年月户亩天日生]|人均|户均){0,2}\s?$"
)
_AFTER = re.compile(
    r"\s?(?:(?P<about>左右|上下)|(?P<at_least>及?以上|之上|以上)|(?P<at_most>及?以内|之内|及?以下|之下)|(?P<more_than>之多))"
)
_BEFORE_BASE = re.compile(r"(不低于|不少于|超过|高于|接近|约为)[^，。；、\d]{2,22}的$")
_BASE_BOUNDS: dict[str, Bound] = {
    "不低于": "at_least", "不少于": "at_least", "超过": "more_than", "高于": "more_than", "接近": "nearly", "约为": "about",
}  # fmt: skip
_LEAD = re.compile(r"[A-Za-z_＿.．&+＋\-－/×xX*＊第#№∶:：°(（\[［【〔]$")
_SMALL = re.compile(rf"^[{_CN_DIGIT}十]{{1,2}}$")


def find_quantities(text: str) -> list[Quantity]:
    """All figures of a text in order; they never overlap."""
    return list(_scan(text))


def _scan(text: str) -> Iterator[Quantity]:
    tables, at = _tables(), 0
    while match := tables.pattern.search(text, at):
        found = _read(text, match, tables)
        if found is None:
            at = _skip(text, match)
            continue
        if not _decoy(text, found, tables):
            yield _bounded(text, found)
        at = max(found.end, match.start() + 1)


def _skip(text: str, match: re.Match[str]) -> int:
    """Where to go on after a match that is no figure: never in the middle of its digits."""
    at = match.start() + 1
    if text[match.start()].isdigit() or text[match.start()] in "-－−":
        while at < len(text) and (text[at].isdigit() or text[at] in ".．:：∶/"):
            at += 1
    elif match["n1"] and is_chinese(match["n1"]):
        at = match.start() + len(match["n1"])
    return at


def _read(text: str, match: re.Match[str], tables: _Tables) -> Quantity | None:
    if match["rank"]:
        return _rank(text, match, tables)
    if match["front"]:
        return _front(text, match)
    if match["share"]:
        return _fraction(match)
    if match["colon"]:
        return _ratio(text, match)
    if match["slash"]:
        return _slash(text, match)
    if match["n1"]:
        return _plain(text, match, tables)
    return _large(text, match, tables)


_RANK_BEFORE = re.compile(
    r"(?:居|列|排|占|名列|位次|排名|排序|总量|增速|增幅|升至|跃至|升到|上升|提升|前移|跃居|保持|稳居|连续|评为|得分|成绩|获|为|由|从|至|到|和|、|分别|均|"
    r"全国|全省|全市|全区|全县|全球|世界|亚洲|省内|国内|东北|西北|西南|华东|华北|中南|沿海|西部|中部|东部|长三角|珠三角|苏南|苏中|苏北|"
    r"[省市县区州盟]|城市|地区|行业|同类|同期|并列|数|量|额|度|率|力|入|总分|指数|水平|规模|蝉联|夺得|荣获|综合|方阵|“|之)[\s]?$"
)


def _rank(text: str, match: re.Match[str], tables: _Tables) -> Quantity | None:
    start, end = match.span()
    before = text[max(0, start - 6) : start]
    after = text[end : end + 4]
    if not match["rank_unit"]:
        if tables.rank_noun.match(after) or (after and after[0] in "十百届次批"):
            return None
        if not _RANK_BEFORE.search(before) or re.match(r"[\u4e00-\u9fff]", after) and not re.match(
            r"[的和及与，、在位，为但并且]", after
        ):
            return None
    elif re.match(r"名(?:书记|以上)", text[end - 1 : end + 3]):
        return None
    number = arabic(match["rank"]) if match["rank"][0].isdigit() else chinese(match["rank"])
    return Quantity(start, end, match[0], number, "位", "rank", "rank")


def _front(text: str, match: re.Match[str]) -> Quantity | None:
    start = match.start()
    if text[match.end() : match.end() + 1] == "强" and not match["front_unit"]:
        return None
    if not re.search(r"(?:居|列|入|全国|全省|全市|全区|世界|全球|位|排名|排在|保持|省|市|区|县|城市)$", text[max(0, start - 4) : start]):
        return None
    number = arabic(match["front"]) if match["front"][0].isdigit() else chinese(match["front"])
    if number > 500:
        return None
    return Quantity(start, match.end(), match[0], number, "位", "rank", "rank", "at_most", start, start + 1, ordinal_limit=True)


def _fraction(match: re.Match[str]) -> Quantity | None:
    """百分之十四点七 → 14.7 %, 千分之三 → 3 ‰, 四分之一 → 0.25."""
    top = arabic(match["share"]) if match["share"][0].isdigit() else chinese(match["share"])
    of = match["of"]
    unit = {"百": "%", "千": "‰"}.get(of)
    if unit:
        return Quantity(*match.span(), match[0], top, unit, "percent" if unit == "%" else "permille", "share")
    bottom = Decimal(10000) if of == "万" else arabic(of) if of[0].isdigit() else chinese(of)
    if not bottom or top > bottom:
        return None
    value = top / bottom
    value = value if value == value.quantize(Decimal("0.0001")) else value.quantize(Decimal("0.0001"))
    return Quantity(*match.span(), match[0], value, "", "fraction", "share")


_RATIO_BEFORE = re.compile(r"比|结构|构成|例|拉动|杠杆|配备|配置|撬动")


def _ratio(text: str, match: re.Match[str]) -> Quantity | None:
    parts = tuple(Decimal(part) for part in re.split(r"\s?[:：∶]\s?", match["colon"]))
    start, end = match.span()
    if _LEAD.search(text[max(0, start - 1) : start]) and text[start - 1 : start] not in "（(:：":
        return None
    if len(parts) == 2 and not _RATIO_BEFORE.search(text[max(0, start - 16) : start]):
        return None
    if len(parts) == 2 and re.match(r"[\u4e00-\u9fff]", text[end : end + 1]) and re.match(r"[个名家万亿%元]", text[end : end + 1]):
        return None
    return Quantity(start, end, match[0], parts[0], "", "composition", "ratio", parts=parts)


def _slash(text: str, match: re.Match[str]) -> Quantity | None:
    top, bottom = (Decimal(part) for part in match["slash"].split("/"))
    before = text[max(0, match.start() - 2) : match.start()]
    if not bottom or top >= bottom or not re.search(r"[的为达约近占到]$|超过?$|/\d、$", text[max(0, match.start() - 3) : match.start()]):
        return None
    value = top / bottom
    value = value if value == value.quantize(Decimal("0.0001")) else value.quantize(Decimal("0.0001"))
    return Quantity(match.start(), match.end("slash"), match["slash"], value, "", "fraction", "ratio")


def _number(text: str) -> Decimal:
    return chinese(text) if is_chinese(text) else arabic(text)


_FROM = re.compile(r"(?:由|从|自)[^，。；]{0,12}$")
_BARE_NUMBER = re.compile(r"(?:比|指数|系数|倍数|得分|总分|评分|满意度|收入差|消费比|值)(?:[^，。；、\d]{0,8}|(?:由|从)[\d.]{1,8}[^，。；、\d]{0,6})(?:由|从|为|达|达到|到|至|是)(?:了)?\s?$")


def _plain(text: str, match: re.Match[str], tables: _Tables) -> Quantity | None:
    start, number, unit = match.start(), match["n1"], match["u1"]
    hanzi = is_chinese(number)
    if text[start - 1 : start] == "第" and start:
        return None
    if not hanzi and _LEAD.search(text[max(0, start - 1) : start]) and text[start - 1] not in "：:（(":
        return None
    if match["sep"] and _ranged(text, match, tables):
        return _range(match, tables, hanzi=hanzi)
    factor = Decimal(MULTIPLIERS.get(match["m1"] or "", 1))
    inner = match["i1"] or match["j1"]
    if unit is None:
        return _unitless(text, match, factor, tables)
    family = tables.family[unit]
    value = _number(number) * factor
    if hanzi and not _hanzi_fits(text, match, family, value, tables):
        return None
    if family == "time" and unit == "年" and not re.search(r"连续$|连续\s$", text[max(0, start - 3) : start]):
        return None
    end = match.end("u1")
    if unit == "成" and hanzi and re.match(rf"[{_CN_DIGIT}](?![{_CN_DIGIT}个名家项万])", text[end : end + 2]):
        value, end = value + chinese(text[end]) / 10, end + 1
    value = _plain_value(value)
    bound: Bound = "more_than" if inner in ("余", "多") else "about" if inner == "来" else "exact"
    spot = match.start("i1") if match["i1"] else match.start("j1") if inner else -1
    return Quantity(
        start, end, text[start:end], value, _unit_name(unit), family, tables.kind[family], bound, spot, spot + 1 if inner else -1
    )


def _plain_value(value: Decimal) -> Decimal:
    """Without the zeros that multiplying by 万 and 亿 left behind: 71000.00 → 71000."""
    whole = value.to_integral_value()
    return whole.quantize(Decimal(1)) if value == whole and value.as_tuple().exponent != -1 else value


def _unit_name(unit: str) -> str:
    return {"％": "%", "﹪": "%", "百分点": "个百分点"}.get(unit, unit)


def _hanzi_fits(text: str, match: re.Match[str], family: str, value: Decimal, tables: _Tables) -> bool:
    """Whether a Chinese numeral before this unit is a figure: 九项 and 一是 are words, 二百十八个 and 两成 are figures."""
    rule, number, after = tables.hanzi[family], match["n1"], text[match.end("u1") : match.end("u1") + 2]
    if (begins := tables.begins_hanzi.get(match["u1"])) and begins.match(text, match.end("u1")):
        return False
    if family == "percent":
        return not re.match(r"[立为长效果功员交本绩都就套品份形渝型活]", after) and value <= 10 and not match["m1"]
    if family in ("points", "times", "doublings"):
        return not (family == "doublings" and text[match.start() - 1 : match.start()] not in "翻了近约")
    if rule == "never":
        return False
    if rule == "large":
        return value > 10
    return len(number) > 1 or match["m1"] is not None


def _ranged(text: str, match: re.Match[str], tables: _Tables) -> bool:
    """Whether 4-4.5% is one range: not where 由/从 stands before 10%到20%, nor between years."""
    if match["u1"] and tables.family[match["u1"]] != tables.family[match["u2"]]:
        return False
    if match["u2"] in ("年", "天") and not match["u1"]:
        return match["u2"] != "年"
    if match["sep"] in ("到", "至") and _FROM.search(text[max(0, match.start() - 14) : match.start()]):
        return False
    if is_chinese(match["n1"]) != is_chinese(match["n2"]):
        return False
    return not (match["sep"] in ("到", "至") and not match["u1"] and match["n1"][0] in "一")


def _range(match: re.Match[str], tables: _Tables, *, hanzi: bool) -> Quantity | None:
    low, high = _number(match["n1"]), _number(match["n2"])
    unit = match["u2"]
    top = Decimal(MULTIPLIERS.get(match["m2"] or "", 1))
    bottom = Decimal(MULTIPLIERS[match["m1"]]) if match["m1"] else top
    family = tables.family[unit]
    if low * bottom >= high * top or (hanzi and tables.hanzi[family] != "always"):
        return None
    value, value_max = low * bottom, high * top
    return Quantity(
        match.start(), match.end(), match[0], value, _unit_name(unit), family, tables.kind[family], value_max=value_max
    )


_PEOPLE_NOUN = re.compile(r"(?:[\u4e00-\u9fff]{0,4}?)(?:人口|群众|居民|农民|学生|职工|劳动力|人员|老人|儿童|干部|党员|参保|农村人口)")


def _unitless(text: str, match: re.Match[str], factor: Decimal, tables: _Tables) -> Quantity | None:
    """10.6万、3.8万 (the unit follows in the list), 突破两万亿, 城乡收入比2.61."""
    number = match["n1"]
    ends = [match.end(name) for name in ("n1", "i1", "m1", "j1") if match[name]]
    start, end = match.start(), max(ends)
    value = _plain_value(_number(number) * factor)
    inner = match["i1"] or match["j1"]
    bound: Bound = "more_than" if inner in ("余", "多") else "exact"
    spot = next((match.start(name) for name in ("i1", "j1") if match[name]), -1)
    before, after = text[max(0, start - 20) : start], text[end : end + 14]
    if match["m1"] or (is_chinese(number) and number[-1] in "万亿" and len(number) > 1):
        found = Quantity(start, end, text[start:end], value, "", "borrowed", "level", bound, spot, spot + 1 if spot >= 0 else -1, bare=True)
        if after[:1] in "、和" or after[:1] == "及":
            follow = tables.pattern.search(text, end)
            while follow and follow["m1"] and not follow["u1"] and text[follow.end() : follow.end() + 1] in "、和及":
                follow = tables.pattern.search(text, follow.end())
            if follow and follow["u1"] and re.fullmatch(r"[\d.、和及百千万亿]*", text[end : follow.start()]):
                family = tables.family[follow["u1"]]
                return replace(found, unit=_unit_name(follow["u1"]), family=family, kind=tables.kind[family])
        if _PEOPLE_NOUN.match(after) or re.search(r"(?:人口|人数)[^，。；]{0,6}$", before):
            return replace(found, unit="人", family="people", kind="count")
        if re.search(r"(?:余额|总量|生产总值|GDP|收入|投资|产值|增加值|资金|零售|出口|进口|规模|贷款|存款|税收|营收|利润)[^，。；]{0,8}$", before):
            return replace(found, unit="元", family="money", kind="level")
        return None
    if is_chinese(number) or not _BARE_NUMBER.search(before) or inner:
        return None
    if after[:1] and not re.match(r"[，。；、,;：）)\s和，缩扩提下降上升增减到至（(]|以[上下内]|左右", after):
        return None
    return Quantity(start, end, text[start:end], value, "", "index", "ratio", bare=True)


_LARGE_BEFORE = re.compile(r"(?:突破|超过|超|过|近|达到?|[跃迈跨登站]上|迈入|逾|破|约|不足|上|双双突破|冲刺|实现)了?\s?$")


def _large(text: str, match: re.Match[str], tables: _Tables) -> Quantity | None:
    """突破千亿元, 千余名: a numeral without a digit, only where a word says that it is a number."""
    start, unit, more = match.start(), match["large_unit"], match["large_more"]
    before = text[max(0, start - 6) : start]
    if not more and not _LARGE_BEFORE.search(before):
        return None
    value = Decimal(MULTIPLIERS[match["large"]])
    end = match.end("large_unit") if unit else match.end("large_more") if more else match.end("large")
    if unit and (begins := tables.begins_hanzi.get(unit)) and begins.match(text, match.end("large_unit")):
        return None
    if unit and tables.family[unit] in ("percent", "points", "time", "times", "data"):
        return None
    if not unit:
        after = text[end : end + 2]
        if match["large"] not in ("千亿", "百亿", "万亿", "千万", "百万", "亿") or not (not after or re.match(r"[，。；、,;]|大关|元", after)):
            return None
        unit = "元"
    family = tables.family[unit]
    bound: Bound = "more_than" if more else "exact"
    spot = match.start("large_more") if more else -1
    return Quantity(
        start, end, text[start:end], value, _unit_name(unit), family, tables.kind[family], bound, spot, spot + 1 if more else -1, bare=True
    )


def _bounded(text: str, found: Quantity) -> Quantity:
    """Add the bound word beside the number; a closing word (左右, 以上) wins over one in front (控制在)."""
    if found.ordinal_limit:
        return found
    if match := _AFTER.match(text, found.end):
        name: Bound = match.lastgroup  # type: ignore[assignment]
        return replace(found, bound=name, bound_start=match.start(), bound_end=match.end())
    if found.family == "rank" or found.bound != "exact":
        return found
    start = found.start
    if found.family == "doublings":
        start -= len(re.search(r"(?:翻了?)?$", text[max(0, start - 2) : start])[0])  # type: ignore[index]
    if found.family == "times" and (match := _BEFORE_BASE.search(text, max(0, start - 26), start)):
        return replace(found, bound=_BASE_BOUNDS[match[1]], bound_start=match.start(1), bound_end=match.end(1))
    if match := _BEFORE.search(text, max(0, start - 9), start):
        name = match.lastgroup  # type: ignore[assignment]
        return replace(found, bound=name, bound_start=match.start(name), bound_end=match.end(name))
    return found


_COUNT_NEAR = re.compile(r"[^，。；、\d]{0,10}?(?:达到|达|共|有|超过|近|突破)?\s?\d[\d.]*[余多]?(?:个|家|项|户|条|座|栋|亿元|件)")
_COUNT_BEFORE = re.compile(r"\d[余多]?(?:个|家|项|户|条|座|栋|件)[^，。；\d]{0,10}$")


def _decoy(text: str, found: Quantity, tables: _Tables) -> bool:
    """True for what only looks like a figure: classes, thresholds, names, the size of a group of comparison."""
    after = text[found.end : found.end + 30]
    before = text[max(0, found.start - 32) : found.start]
    if found.family in ("rank", "composition", "fraction", "index"):
        return False
    if tables.after["class"].match(after) and found.family not in ("percent", "points"):
        return True
    if found.family in ("percent", "points", "times", "permille", "doublings"):
        return False
    if found.unit not in _COUNTED and tables.after["threshold"].match(after):
        return True
    if found.unit in ("小时", "天", "分钟", "周", "岁", "MW", "GW", "兆瓦", "GB", "P") and tables.after["modifies"].match(after):
        return True
    if found.family == "money" and tables.after["class_noun"].match(after):
        if found.bare or re.search(r"(?:过|超|超过|逾|上|突破|达|投资)$", before):
            return True
        noun = tables.after["class_noun"].match(after)
        if noun and (_COUNT_NEAR.match(after, noun.end()) or _COUNT_BEFORE.search(before)):
            return True
    if found.family == "money" and re.search(r"[过超逾]$", before) and re.match(r"的(?:[\u4e00-\u9fff]{0,6})(?:项目|企业|区|县|镇|村)", after):
        return True
    if tables.reference_group.search(before) and found.unit in ("个", "座", "家") and tables.reference_noun.match(after):
        return True
    if found.family in ("weight", "power", "volume", "data") and _project_name(before, after):
        return True
    if found.unit in ("个", "座", "家") and re.search(r"基于[^，。；]{2,30}的$", before):
        return True
    return _quoted_name(text, found)


_COUNTED = ("个", "家", "项", "件", "条", "座", "所", "名", "户", "处", "辆", "场", "次", "人次", "套", "起", "种", "块", "批")
_CAPACITY = re.compile(
    r"/?[年日天]?[\u4e00-\u9fffA-Za-z（）()]{0,18}?(?:项目|工程|改扩建|扩建|生产线|机组|电站|发电|装置|基地|技改|码头|泊位|油库|储备库|储能|光伏|风电|热电|火电|水电|输变电|变电站|线路)"
)
_WORK = re.compile(r"(?:新增|完成|改造|建成|达到?|新建|为|超过?|突破|近|约|淘汰|压减|生产|实现|增加|减少|处理|收购|储备|供应|引进|有|治理|清淤|消纳|并网|投产|规模|总量|容量|产能|能力)$")


def _project_name(before: str, after: str) -> bool:
    """年产22万吨精密钢带项目, 2GW渔光互补发电: the size is part of a project's name, unless a verb stands in front."""
    return _CAPACITY.match(after) is not None and _WORK.search(before) is None


def _quoted_name(text: str, found: Quantity) -> bool:
    """A number in a short quotation without a verb is part of a name: “7×24小时”, “一小时通勤、两小时通达”."""
    if found.family == "money" or found.bound != "exact":
        return False
    opening = max(text.rfind("“", max(0, found.start - 14), found.start), text.rfind("「", max(0, found.start - 14), found.start))
    if opening < 0 or "”" in text[opening : found.start]:
        return False
    closing = text.find("”", found.end, found.end + 14)
    return closing >= 0 and not re.search(r"突破|达到|增长|提高|新增", text[opening:closing])
