"""Of which place a number is: the report's own, a wider one (全国, 全省) or a part of it (a district, a zone)."""

from __future__ import annotations

import re

from zhengwen.ingest.figures_subjects import Subject
from zhengwen.ingest.models import About, Region

_OWN = {"national": "全国", "province": "全省", "city": "全市", "county": "全县", "town": "全镇", "unknown": ""}
_BY_NAME = (
    ("自治区", "全区"), ("自治州", "全州"), ("自治县", "全县"), ("地区", "全区"), ("省", "全省"), ("市", "全市"),
    ("州", "全州"), ("盟", "全盟"), ("区", "全区"), ("县", "全县"), ("旗", "全旗"), ("全国", "全国"),
)  # fmt: skip
_SAID = {
    "我国": "全国", "我省": "全省", "我市": "全市", "我县": "全县", "我区": "全区", "全自治区": "全区", "全州": "全市",
}  # fmt: skip
_RANK = {"全国": 0, "全省": 1, "全市": 2, "全县": 3, "全区": 3}
_LEVEL = {"national": 0, "province": 1, "city": 2, "county": 3, "town": 4}
_ENTITY = re.compile(
    r"^(?P<name>[\u4e00-\u9fff]{0,10}?(?:高新区|经开区|经济技术开发区|开发区|高新技术产业开发区|自贸(?:试验)?区|保税区|综保区"
    r"|新区|机场|港|集团))(?![口区航企货内外、和及与等])"
)
_ZONE = re.compile(
    r"(?:支持|赋能|做强|提升|启动|推动|推进|加快|进一步|深化|做大做强|创建)*"
    r"(?P<name>[\u4e00-\u9fff]{2,8}?(?:高新区|经开区|开发区|自贸区|保税区|综保区|合作区|新区|工业园区|产业园区|工业园|产业园|科技城))(?![口区航企货内外、和及与等的第])[\u4e00-\u9fff“”]{0,24}$"
)
"""The zone that the clause in front is about: 滨江新区经济运行向好，|地区生产总值…"""
_ANY_ZONE = re.compile(r"重点|产业|特色|现代|国家|省|市|县|一批|各|全|大|三|两|工业园|科技园|新型|园区|民族工业")
_WHOLE = re.compile(r"地区生产总值|生产总值|规模以上工业|工业总产值|一般公共预算|固定资产投资|财政收入|工业增加值")
"""What is counted of a place as a whole, so that it is the zone's where a zone was the subject."""
_DONE = re.compile(r"认定|占|建|推进|支持|新增|引进|并|入|成|对|为|实施|促|加快|抓|打造|与|和|等")
_WHOSE = "居民|常住|新增就业|登记失业|调查失业|失业|职工|低保|最低生活|特困|人均|家庭|单位|零就业|住户|户籍"
_URBAN = re.compile(rf"^(?:城镇(?:{_WHOSE})|城市(?:居民|职工|低保|家庭)|城(?:居民|低保|最低|特困))")
_RURAL = re.compile(rf"^(?:农村(?:{_WHOSE})|农民(?!工)|农牧民|村民|乡(?:居民|低保|最低|特困))")
URBAN, RURAL = "城镇", "农村"
_PRAISE = re.compile(r"首[创个家批例座条]|率先|领先|唯一")
_NATION = Region(code="000000", name="全国", level="national")


class Scopes:
    """Decides scope and region of each figure of one report."""

    def __init__(self, about: About) -> None:
        self.about = about
        self.region = about.region.value
        self.own = _own(about, self.region)
        self.parts = _parts(self.region)

    def of(self, subject: Subject, name: str, *, ahead: str = "") -> tuple[str, Region | None]:
        """The scope as words, and the region where it is the report's own or a known part of it.

        `ahead`: the sentence up to the number's clause; a zone that it is about owns 地区生产总值 and the like.
        """
        said = _SAID.get(subject.scope, subject.scope)
        if said == "全国" and _PRAISE.match(name):
            said = ""  # 全国首创林权按揭贷款 is the report's own
        level = _LEVEL.get(self.about.level, 9)
        # 全市 is the whole of a county that is called a city: 青州市.
        if said and said not in (self.own, "全区") and _RANK[said] < level <= 4:
            return said, _NATION if said == "全国" else None
        for part, region in self.parts.items():
            if name.startswith(part) and len(name) > len(part):
                return part, region
        if (match := _ENTITY.match(name)) and not _DONE.search(match["name"]):
            return match["name"], None
        if not said and _WHOLE.match(name) and (zone := _zone(ahead)):
            return zone, self.parts.get(zone)
        if _URBAN.match(name):
            return URBAN, self.region
        if _RURAL.match(name):
            return RURAL, self.region
        return self.own, self.region


def _zone(ahead: str) -> str:
    """The zone named as the subject of one of the clauses since the last ；, if no wider place is named after it."""
    for clause in reversed(re.split(r"[，,]", re.split(r"[；;]", ahead)[-1].rstrip("，, "))):
        if re.search(r"全[国省市区县州]|[我本][省市区县州]|各|经济区|[市县州]、", clause):
            return ""
        match = _ZONE.match(clause.strip())
        if match and not _DONE.search(match["name"]) and not _ANY_ZONE.match(match["name"]):
            return match["name"]
    return ""


def scope_in(region: Region, scope: str) -> str:
    """The scope of a number that turns out to be another region's: 城镇 stays, a place gives way to the whole."""
    return scope if scope in (URBAN, RURAL) else whole_of(region)


def _own(about: About, region: Region | None) -> str:
    """What the report calls the whole of its place: 全市 for 北京市 and 青岛市, 全区 for 和平区 and 西藏自治区."""
    return _OWN[about.level] if region is None else whole_of(region)


def whole_of(region: Region) -> str:
    """The scope of a number of the whole region: 全市 for 青岛市, 全区 for 和平区."""
    return next((word for end, word in _BY_NAME if region.name.endswith(end)), _OWN[region.level])


def _parts(region: Region | None) -> dict[str, Region]:
    """The names of the divisions below a region, the longest first."""
    if region is None or region.level not in ("city", "province"):
        return {}
    from zhengwen.ingest.regions import gazetteer

    names: dict[str, Region] = {}
    for child in gazetteer().children(region.code):
        short = child.name.removeprefix(region.name)
        if len(short) >= 3:
            names[short] = child
    return dict(sorted(names.items(), key=lambda item: -len(item[0])))
