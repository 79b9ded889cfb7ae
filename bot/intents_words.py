"""The words that carry a question, with everything empty taken out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

Cues = Mapping[str, Any]
GAP = "\x00"
_EMPTY_WORDS = re.compile(
    r"(?:历次|历年|历届)?(?:政府)?工作报告|统计公报|数?多还是少"
    r"|(?:不按|不看|不要|不算|别按)照?(?:同口径|可比口径|可比价格?)|(?:就|只)?[看按]?账面(?:数|口径)?"
    r"|在?(?:全国)?\d+个[\u4e00-\u9fff]{0,3}(?:城市|县|省份|地市)(?:里面?|[当之]?中)"
    r"|(?<=[\u4e00-\u9fffA-Z])[更最较]?[高低快慢差多大小](?=[\x00\s]|$)"
)
"""The report itself, and comparatives at the end of a run: what is asked is not in them."""
_COMPARED = frozenset("高低快慢多少大小强弱差")
_JOINTS = frozenset({"、", "和", "与", "及", "以及"})


def members(text: str) -> list[str]:
    """A和B, A、B: the members; by words, since 普及率 holds no 及."""
    import rjieba

    return re.split("\n", "".join("\n" if word in _JOINTS else word for word in rjieba.cut(text)))


def spelled(text: str) -> str:
    """A name that holds its own verb is put apart from it: 经济增长 → 地区生产总值增长; GDP is written out."""
    from zhengwen.ingest.indicators import indicators

    for mention in reversed(indicators().find(text)):
        if mention.alias.isascii() and not mention.name.isascii() and re.fullmatch(r"[\u4e00-\u9fff]+", mention.name):
            text = text[: mention.start] + mention.name + text[mention.end :]
        elif re.search(r"增[长速]", mention.alias) and not re.search(r"增[长速]", mention.name):
            text = text[: mention.start] + mention.name + "增长" + text[mention.end :]
    return text


@cache
def _stop_words() -> frozenset[str]:
    text = (Path(__file__).parent / "question.yaml").read_text(encoding="utf-8")
    return frozenset(yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))["stop"])


def content(text: str, cues: Cues) -> str:
    """The words that say what is asked, function words dropped; runs that stood together stay together."""
    import rjieba

    del cues
    stop, runs, run = _stop_words(), [], ""
    text = re.sub(r"(?<=[\u4e00-\u9fff])[是为有在](?=[\x00\s，,]|$)", GAP, text)
    text = re.sub(r"(?<![\u4e00-\u9fff])(?:以[内上下外]|左右|上下)(?![\u4e00-\u9fff])", GAP, text)
    text = _EMPTY_WORDS.sub(GAP, text)
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
