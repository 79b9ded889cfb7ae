"""The words behind a number that say what it counts."""

from __future__ import annotations

import re

from zhengwen.ingest.clauses import Slot
from zhengwen.ingest.cues import Cues

_POST = re.compile(r"的?[\u4e00-\u9fffA-Za-z“\"（(]")
_NOT_POST = re.compile(
    r"的?(?:[、和及与或]|以及|占(?!地)|增长|提高|同比|比上年|较(?!大)|居(?!民|住|家|委)|位居|列(?!车)|完成|下降|上升|增加|减少|以上|以下|以内|左右|达(?!标|产)|为(?!民|群|企|农|学|老)|是|的(?:基础上|目标|任务|水平|速度|增速|增长)|时(?!间)|后(?!备|勤)|并(?!网)|且|而|但|在(?!校|建|册|职|岗|园)|大关|台阶|关口|之间|不等|，)"
)
_COUNTED_AGAIN = re.compile(r"\d+[万余多]?[个项名户家件人](?:以上|以下)?([\u4e00-\u9fff“][^，。；、\d]*)")
"""9件|21项省重点民生实事: both count the same noun."""
_INSIDE = re.compile(r"^内(?!资|贸|外|陆|河|部|容|需|控)")
_NEXT = re.compile(r"(?<=[\u4e00-\u9fff”）)])、")
_PREDICATE = re.compile(r"(?<=[\u4e00-\u9fff”）)])(?:完成|实现|达到|新增|投资|增长|占|落地率|开工率|竣工率|建成|累计)")


def noun_behind(text: str, slot: Slot, cues: Cues) -> str:
    """The noun behind a number, if any: 25个|医保服务事项; cut at a predicate when more numbers follow."""
    last = slot.group[-1]
    words = text[max(last.end, last.bound_end) : slot.post_end]
    if again := _COUNTED_AGAIN.match(text, max(last.end, last.bound_end), slot.clause_end):
        words = again[1]
    if not words or not _POST.match(words) or _NOT_POST.match(words) or cues.predicate.match(words):
        return ""
    if last.family == "money" and cues.action.match(words):
        return ""
    words = _INSIDE.sub("", words.lstrip("的"))
    if slot.post_end < slot.clause_end:
        if cut := _PREDICATE.search(words):
            words = words[: cut.start()]
        words = _NEXT.split(words, maxsplit=1)[0]
        if (verb := cues.tail.match(words[::-1])) and verb.end() > 1:
            words = words[: -verb.end()]  # 将63个社区|调整为84个
    return words.rstrip(" 　、“和与（(") if words.endswith("涉及") else words.rstrip(" 　、“和及与（(")
