"""Whose number it is: the words in front of it, behind it, or inherited from the clause before."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from zhengwen.ingest.clauses import Slot, Stem
from zhengwen.ingest.clauses_lists import pieces_of, split_subjects
from zhengwen.ingest.cues import Cues
from zhengwen.ingest.figures_behind import noun_behind


@dataclass(frozen=True, slots=True)
class Subject:
    """The words an indicator is read from, with their span in the text."""

    text: str
    start: int = -1
    end: int = -1
    scope: str = ""


@dataclass(slots=True)
class Context:
    """What the block has said so far."""

    last: Subject = Subject("")
    raw: Subject = Subject("")
    """The last explicit subject before a list was split."""
    recent: list[Subject] = field(default_factory=list)
    """The subjects since the last ；, for 分别 and 均 without a subject."""
    part_of: str = ""
    whole: str = ""
    latest: list[Subject] = field(default_factory=list)
    """The subjects of the number before, attributes included: 占全省比重."""
    cumulative: bool = False
    from_open: bool = False


_VERB_ONLY = re.compile(
    r"^(?:[^，。；]{0,2}?(?:建成|新建|新增|改造|实施|完成|推进|抓好|开展|引进|培育|打造|争创|争取|办理|获|获得|实现|有|为|对|在|用|共有|形成|拥有|组织|选派|安排|支持|帮助|发放|解决|推出|出台|取消|承接|落实|投入|全年|新引进|新培育|新认定|筹建|谋划|新开工|开工|建设|创建|认定|入选|投放|打通|整治|修建|举办|改扩建|扩建|淘汰|关闭|整合|签约|落地|储备|盘活|发展|建立|设立|新设|使|让|确保|确定|列入|涉及|覆盖|惠及|带动|吸纳|安置|转移|培训|聘请|制定|修订|全部|每年|集中|近|等|由|与|和|及|其中|总投资|投资|占|的))$"
)
_ONE_EACH = re.compile(r"\s*[和与、及](?:每[月年人天户亩]|人均|约|近|超过)?[\d]")
_CUT = re.compile(
    r"实现|再次|跨过|突破|稳步|持续|不断|明显|大幅|取得|再创|保持|快速|平稳|再上|跃上|成功|进一步|显著|迈|达|增长|提高|下降|上升|首次|位居|超|连续|继续|稳中|加快|较快|完成|势头|成为"
)
_DONE_BEFORE = re.compile(r"[^、]*(?:实现|达到)[^、]*[、](?=[^、]{2,}$)")
_ADDED = re.compile(r"^(?:净增加?|新增|新认定|新培育|新引进|新)")
_ADDED_BEHIND = re.compile(r"(?:净增加?|新增|新认定)$")
_DONE = re.compile(r"新?(?:开工建设|建成投产|开工|竣工|签约|投产|落地|在建|续建|建成|完工|入库|入统)$")
_TOTAL = frozenset({"达", "达到", "已达", "已达到", "累计达", "累计达到"})
_OTHER_SIDE = {"支出": "收入", "收入": "支出", "出栏": "存栏", "存栏": "出栏"}
"""公共财政预算收入47亿元、支出261亿元: the second is 公共财政预算支出."""
_BEGUN = re.compile(r"^新?开工建设(?!项目)")
_MONEY_OF = re.compile(
    r"(?:计划|年度|概算|累计|年度计划)?(?:总投资|投资|投资额|投资总额|总投资额|到位资金|合同金额|签约金额|协议投资|协议资金|概算投资)"
)
_PROJECTS = re.compile(r"项目|工程")
_SCOPE = re.compile(
    r"(?<![在居列占对为向])(?:全国|全省|全自治区|全区|全市|全县|全州|我国|我省|我市|我县|我区)(?!率先|首|领先|前列|第|唯一)"
)


class Subjects:
    """Finds the subjects of a slot and keeps what later slots inherit."""

    def __init__(self, text: str, cues: Cues) -> None:
        self.text, self.cues, self.context = text, cues, Context()

    def of(self, slot: Slot, own: Stem, *, role: str) -> list[Subject]:
        """One subject for each number of the slot; several for a shared one (均 8%)."""
        found = self._of(slot, own, role=role)
        if own.rank_noun and own.rank_noun not in ("排名", "位次", "排位", "排序"):
            found = [replace(one, text=self._joined(one.text, own.rank_noun)) for one in found]
        self.context.latest = found
        said = self._scope(slot, own)
        return [replace(one, scope=said) for one in found] if said else found

    def _of(self, slot: Slot, own: Stem, *, role: str) -> list[Subject]:
        text, context, count = self.text, self.context, len(slot.group)
        core = text[own.start : own.end].strip(" 　、，,的").rstrip("“")
        scope = self._scope(slot, own)
        post = "" if role else noun_behind(self.text, slot, self.cues)
        # 财政收入、税收收入分别增长15%以上: one number for both; 分别提高到每月685元和每年5480元: one for each.
        shared = count == 1 and own.has("shared_number", "respectively")
        shared = shared and not _ONE_EACH.match(text, slot.group[-1].end, slot.clause_end)
        kind = slot.group[0].kind
        if not core and context.latest and (role == "to" or slot.group[0].family == "points"):
            return self._again(count)
        if slot.group[0].unit == "年":
            name = text[own.start : slot.clause_end].strip()
            if core:
                self._named(core, own, count, scope, shared=False)
            return [Subject(name, own.start, slot.clause_end, scope)] * count
        if core and self._is_attribute(core, post):
            base = self._inherited(count, shared=shared)
            return [Subject(self._joined(one.text, core), own.start, own.end, one.scope) for one in base]
        if not core or (post and _VERB_ONLY.match(core) and kind in ("count", "level")):
            return self._without(slot, own, core, post, count, scope, shared=shared)
        if core in _OTHER_SIDE and not post and context.last.text.endswith(_OTHER_SIDE[core]):
            core = context.last.text.removesuffix(_OTHER_SIDE[core]) + core
        if not shared and count == 1 and (cut := _DONE_BEFORE.match(core)):
            core = core[cut.end() :]
        if post and (kind in ("count", "level") or (kind == "share" and not own.has("rise", "fall"))):
            core = core + post
        elif not slot.fresh and not post and kind in ("count", "level"):
            core = self._verb(core)
        return self._named(core, own, count, scope, shared=shared)

    def _is_attribute(self, core: str, post: str) -> bool:
        """Whether the words need the subject before them: 占全省比重, 增速; 新签约项目45个、竣工12个、投资60亿元."""
        if not self.context.last.text:
            return False
        if _DONE.fullmatch(core):
            return bool(self.context.recent) and not post
        if _MONEY_OF.fullmatch(core):
            return bool(self.context.recent) and _PROJECTS.search(self.context.last.text) is not None
        return self.cues.attribute.match(core) is not None

    def _joined(self, subject: str, attribute: str) -> str:
        """地区生产总值 + 占全省比重; an attribute replaces one that is already there: …增速 + 增速."""
        if attribute.endswith("均"):
            return attribute + subject
        if attribute in ("总数", "总量", "总数量"):
            subject = _whole(subject)
        if _MONEY_OF.fullmatch(attribute):
            subject = subject.removesuffix("总数")
        if _DONE.fullmatch(attribute):
            subject = _BEGUN.sub("", _DONE.sub("", subject))
        return subject if subject.endswith(attribute) else subject + attribute

    def _verb(self, core: str) -> str:
        """新增城市社区108个、社区工作者3000名: the verb reaches to the second."""
        match = self.cues.action.match(self.context.last.text)
        if not match or self.cues.action.match(core) or self.context.last.text == match[0]:
            return core
        return match[0] + core

    def _named(self, core: str, own: Stem, count: int, scope: str, *, shared: bool) -> list[Subject]:
        members: list[str] | None = None
        if count > 1:
            head, _, verb = core.partition("分别")
            members = split_subjects(head, count, self.cues)
            members = [member + verb for member in members] if members else None
        elif shared and re.search(r"[、和及与]|城乡", core) and not re.search(r"等[^、]", core):
            members = split_subjects(core, 2, self.cues) if "城乡" in core else None
            members = members or pieces_of(core, self.cues)
        self.context.raw = Subject(core, own.start, own.end, scope)
        names = members or [core] * count
        return self._keep([Subject(name, own.start, own.end, scope) for name in names])

    def _without(
        self, slot: Slot, own: Stem, core: str, post: str, count: int, scope: str, *, shared: bool
    ) -> list[Subject]:
        """No noun in front: take the one behind (25个|医保服务事项), or the clause before, or inherit."""
        kind = slot.group[0].kind
        if post and kind == "share" and not own.words and slot.fresh:
            start = max(slot.group[-1].end, slot.group[-1].bound_end)
            return self._keep([Subject(post, start, slot.post_end, scope)] * count)
        changed = own.has("rise", "fall", "rise_to", "fall_to", "adjust_to")
        if post and (kind == "count" or (kind == "level" and not changed)):
            start = max(slot.group[-1].end, slot.group[-1].bound_end)
            post = "人" + post if slot.group[-1].unit == "人" and post.startswith("口") else post.removeprefix("内")
            name = core + post if self.cues.action.match(core) or kind == "level" else post
            return self._keep([Subject(name, start, slot.post_end, scope)] * count)
        ahead = self.text[slot.ahead[0] : slot.ahead[1]].strip() if slot.ahead[0] >= 0 else ""
        if ahead and (own.has("respectively") or not self.context.recent):
            name = self._ahead(ahead, count)
            if name:
                found = Stem(slot.ahead[0], slot.ahead[1], [])
                return self._named(name, found, count, scope, shared=shared)
        if core:
            return self._keep([Subject(core, own.start, own.end, scope)] * count)
        inherited = self._inherited(count, shared=shared)
        if any(word in _TOTAL for word, _ in own.words):
            # 净增企业163户，达1009户: the second is their number, no addition.
            inherited = [replace(one, text=_whole(one.text)) for one in inherited]
        return inherited

    def _ahead(self, ahead: str, count: int) -> str:
        """The subject a clause without a number leaves to the next: 经济总量(实现新突破)，达到…"""
        if count > 1:
            return ahead if split_subjects(ahead, count, self.cues) else ""
        lead = self.cues.lead.match(ahead)
        while lead and lead.end():
            ahead = ahead[lead.end() :]
            lead = self.cues.lead.match(ahead)
        cut = _CUT.search(ahead)
        name = ahead[: cut.start()] if cut else ahead
        if cut and not cut.start():
            name = ahead[cut.end() :]
        return name if 2 <= len(name) <= 20 else ""

    def _inherited(self, count: int, *, shared: bool = False) -> list[Subject]:
        context = self.context
        if shared and len(context.recent) > 1:
            return context.recent[-6:]
        if count > 1:
            if len(context.recent) >= count:
                return context.recent[-count:]
            if context.raw.text and (members := split_subjects(context.raw.text, count, self.cues)):
                return [replace(context.raw, text=member) for member in members]
        return [context.last] * count

    def _again(self, count: int) -> list[Subject]:
        """The subjects of the number just read: of 由X增加到|Y, of 占比59.6%，提高|1.1个百分点."""
        latest = self.context.latest
        if len(latest) == count:
            return latest
        if count > 1 and (members := split_subjects(latest[-1].text, count, self.cues)):
            return [replace(latest[-1], text=member) for member in members]
        return [latest[-1]] * count if count == 1 else self._inherited(count)

    def _keep(self, subjects: list[Subject]) -> list[Subject]:
        self.context.last = subjects[-1]
        for subject in subjects:
            if subject not in self.context.recent:
                self.context.recent.append(subject)
        return subjects

    def _scope(self, slot: Slot, own: Stem) -> str:
        """全国, 全省 … named in front of the subject."""
        found = _SCOPE.findall(self.text[slot.pre : own.start])
        return found[-1] if found else ""


def _whole(subject: str) -> str:
    """What the addition adds to: 新增企业, 企业净增 → 企业."""
    return _ADDED_BEHIND.sub("", _ADDED.sub("", subject)) or subject
