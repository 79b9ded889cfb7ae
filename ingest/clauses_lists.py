"""Lists of subjects: `农业、服务业、规模以上工业增加值` before three numbers names three indicators."""

from __future__ import annotations

import re

from zhengwen.ingest.cues import Cues

_CUTS = tuple(
    re.compile(pattern)
    for pattern in (
        "、|以及|和|及|与|或", "、", "、|和(?=[^和]*$)", "、|及(?=[^及]*$)", "、|与(?=[^与]*$)", "和", "以及|及",
        "与", "、|以及|和|及",
    )
)  # fmt: skip
_LEVEL = re.compile(r"(?:国家级|省级|市级|县级|新增|新建|新认定|累计新增|新)(?=[\u4e00-\u9fff“])")
_DEPENDENT = (
    "损失", "产值", "利润", "面积", "产量", "数量", "人数", "用户", "里程", "增加值", "规模", "人次",
    "总量", "总额", "增速",
)  # fmt: skip
"""电信网络诈骗案件和|损失: says nothing without the first."""
_ONE_EACH = re.compile(r"[猪牛羊禽鸡鸭鹅马驴肉蛋奶茶菜果鱼虾]{3,}")


def split_subjects(core: str, count: int, cues: Cues) -> list[str] | None:
    """The `count` members of a list, each with what they share; None if the list has another length.

    `split_subjects("城镇居民和农村居民人均住房面积", 2, cues())` → 城镇居民人均住房面积, 农村居民人均住房面积.
    """
    if count < 2:
        return None
    if named := _one_each(core, count, cues):
        return named
    for cut in _CUTS:
        pieces = [piece.strip() for piece in cut.split(_masked(core)) if piece.strip()]
        if len(pieces) == count:
            return _share([piece.replace("\uffff", "、") for piece in pieces], cues)
    if count > 2 and (match := _ONE_EACH.match(core)) and len(core) > count:
        members = core[: min(count, match.end())]
        if len(members) == count:
            return [member + core[count:] for member in members]
    return None


def pieces_of(core: str, cues: Cues) -> list[str]:
    """All members of a list of unknown length."""
    count = len([piece for piece in _CUTS[0].split(_masked(core)) if piece.strip()])
    return split_subjects(core, count, cues) or split_subjects(core, 2, cues) or [core]


def _masked(core: str) -> str:
    """Marks within brackets and quotes part no list."""
    return re.sub(r"[（(“][^）)”]*[）)”]", lambda match: match[0].replace("、", "\uffff"), core)


def _one_each(core: str, count: int, cues: Cues) -> list[str] | None:
    """城乡X → 城X, 乡X; 存贷款余额 → 存款余额, 贷款余额; 三次产业 → 第一产业, 第二产业, 第三产业."""
    for word, members in cues.pairs.items():
        at = core.find(word)
        listed = word.startswith("进") and re.search(r"[、和及]", core.replace(word, ""))
        if len(members) == count and at >= 0 and not listed:
            head, tail = core[:at], core[at + len(word) :]
            if word == "城乡" and re.match(r"(?:收入比|居民收入比|收入差|一体)", tail):
                continue
            return [head + member + tail for member in members]
    return None


def _share(pieces: list[str], cues: Cues) -> list[str]:
    """Give the head noun of the last member to those that lack one, the level word of the first to the others."""
    last = pieces[-1]
    shared = next((head for head in cues.shared_heads if last.endswith(head) and len(head) < len(last)), "")
    if len(shared) == 1:
        shared = last[-3:] if len(last) > 4 else shared
    result = [piece + _echo(piece, last, shared, cues) for piece in pieces[:-1]]
    if len(last) <= 3 and len(pieces[0]) >= 4 and result[0] != pieces[0]:
        last = pieces[0][:-2] + last
    elif len(pieces) == 2 and last in _DEPENDENT:
        head = next((head for head in cues.shared_heads if result[0].endswith(head)), "")
        last = (result[0][: len(result[0]) - len(head)] if head else result[0]) + last
    result.append(last)
    if match := _LEVEL.match(result[0]):
        level = match[0]
        result[1:] = [one if _LEVEL.match(one) or level[0] == one[0] else level + one for one in result[1:]]
    return result


def _echo(piece: str, last: str, shared: str, cues: Cues) -> str:
    """What a member lacks of the last one's end."""
    if "的" in last and "的" not in piece and 0 < len(last) - last.rfind("的") <= 7:
        return last[last.rfind("的") :]
    if piece.endswith(cues.own_heads):
        return ""
    if len(last) > len(piece) and last[len(piece) - 1] == piece[-1]:
        return last[len(piece) :]
    if len(piece) == 1 and len(last) <= 4:
        return last[1:]
    at = last.rfind(piece[-2:]) if len(piece) > 2 else -1
    if at > 0:
        return last[at + 2 :]
    if len(piece) <= 3 and len(last) > len(piece) + 3 and not last.startswith(piece):
        tail = last[len(piece) :]
        return tail if not shared or (tail.endswith(shared) and len(tail) <= 12) else shared
    return shared
