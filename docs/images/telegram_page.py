"""Messages of the Bot API drawn as a page: bubbles, block quotes, buttons, pictures, as a phone shows them."""

from __future__ import annotations

import base64
import html
from collections.abc import Callable, Sequence
from typing import Any

Json = dict[str, Any]
Picture = Callable[[str], bytes]
"""file_id → the file."""

TAGS = {
    "bold": ("<b>", "</b>"),
    "italic": ("<i>", "</i>"),
    "underline": ("<u>", "</u>"),
    "strikethrough": ("<s>", "</s>"),
    "code": ("<code>", "</code>"),
    "pre": ("<pre>", "</pre>"),
    "spoiler": ("<span class=spoiler>", "</span>"),
    "text_link": ("<a>", "</a>"),
    "url": ("<a>", "</a>"),
    "mention": ("<a>", "</a>"),
    "bot_command": ("<a>", "</a>"),
    "blockquote": ("<blockquote>", "</blockquote>"),
    "expandable_blockquote": ("<blockquote class=folded>", "</blockquote>"),
}

STYLE = """
* { box-sizing: border-box; margin: 0; padding: 0 }
html, body { background: #fff }
body { display: flex; width: max-content; gap: 18px; padding: 14px;
  font: 15.5px/1.42 "Noto Sans SC", sans-serif; color: #111; -webkit-font-smoothing: antialiased }
section { width: 430px; display: flex; flex-direction: column; border-radius: 22px; overflow: hidden;
  box-shadow: 0 0 0 1px #0002, 0 6px 18px #0003 }
header { background: #fff; height: 58px; display: flex; align-items: center; gap: 12px; padding: 0 14px;
  box-shadow: 0 1px 2px #0002 }
header .back { color: #3390ec; font-size: 26px; line-height: 1 }
header .face { width: 40px; height: 40px; border-radius: 50%;
  background: linear-gradient(#6fb1f4, #3f7fd0); color: #fff;
  display: grid; place-items: center; font-weight: 700; font-size: 18px }
header b { display: block; font-size: 16px; line-height: 1.3 } header span { color: #8a8f94; font-size: 13px }
main { flex: 1; padding: 10px 9px 16px; background: #cfe1c6 }
.row { display: flex; margin-top: 7px } .row.mine { justify-content: flex-end }
.box { max-width: 372px; min-width: 120px }
.bubble { background: #fff; border-radius: 14px 14px 14px 5px; padding: 7px 11px 6px; box-shadow: 0 1px 1px #0001;
  overflow: hidden; overflow-wrap: anywhere; white-space: pre-wrap }
.mine .bubble { background: #e3fdc9; border-radius: 14px 14px 5px 14px }
.bubble img { display: block; width: 100% } .bubble.photo { padding: 0 } .photo .words { padding: 6px 11px 6px }
.time { float: right; margin: 6px 0 -2px 10px; font-size: 11.5px; color: #8a9299 } .mine .time { color: #5faf55 }
blockquote { position: relative; margin: 3px 0; padding: 4px 22px 5px 9px; border-radius: 5px;
  border-left: 3px solid #3390ec;
  background: #3390ec14; font-size: 14px; line-height: 1.4 }
blockquote::after { content: "\\201D"; position: absolute; right: 7px; top: 1px; color: #3390ec; font: 700 19px serif }
blockquote.folded .in { display: -webkit-box; -webkit-line-clamp: 3; -webkit-box-orient: vertical; overflow: hidden }
blockquote.folded.long .in { -webkit-mask: linear-gradient(#000 55%, #0006) }
blockquote.folded.long::before { content: "⌄"; position: absolute; right: 7px; bottom: 2px;
  color: #3390ec; font-size: 15px }
a { color: #2a7fd4 } code, pre { font: 14px/1.4 monospace, "Noto Sans SC"; color: #2f6f9f }
.reply { border-left: 3px solid #4fae4e; background: #4fae4e18; border-radius: 4px; padding: 2px 8px; font-size: 13.5px;
  margin-bottom: 4px; white-space: nowrap; overflow: hidden; text-overflow: ellipsis }
.keys { margin-top: 3px } .keys div { display: flex; gap: 3px; margin-top: 3px }
.keys span { flex: 1; background: #7ba57a; color: #fff; font-weight: 500; font-size: 13.5px; text-align: center;
  border-radius: 8px; padding: 7px 3px 8px; white-space: nowrap; overflow: hidden; text-overflow: ellipsis;
  position: relative }
.keys .copy::after { content: ""; position: absolute; right: 6px; top: 6px; width: 8px; height: 8px; border-radius: 2px;
  border: 1.4px solid #fffc; box-shadow: 2.5px -2.5px 0 -1px #fffc }
.event { text-align: center; margin: 10px 0 2px } .event span { background: #8fb08c; color: #fff; border-radius: 11px;
  padding: 2px 10px; font-size: 13px }
"""

MEASURE = """
for (const one of document.querySelectorAll("blockquote.folded")) {
  const inner = one.querySelector(".in");
  if (inner.scrollHeight > inner.clientHeight + 2) one.classList.add("long");
}
document.documentElement.dataset.height = Math.ceil(document.body.getBoundingClientRect().height);
"""


def marked_up(text: str, entities: Sequence[Json]) -> str:
    """Text and entities (offsets in UTF-16 units) as HTML for a browser."""
    opens: dict[int, list[str]] = {}
    closes: dict[int, list[str]] = {}
    for one in sorted(entities, key=lambda each: (each["offset"], -each["length"])):
        before, after = TAGS[one["type"]]
        if "blockquote" in before:
            before, after = before + "<div class=in>", "</div>" + after
        opens.setdefault(one["offset"], []).append(before)
        closes.setdefault(one["offset"] + one["length"], []).insert(0, after)
    units = text.encode("utf-16-le")
    edges = sorted({0, len(units) // 2, *opens, *closes})
    parts: list[str] = []
    for start, end in zip(edges, [*edges[1:], edges[-1]], strict=True):
        parts += [*closes.get(start, []), *opens.get(start, [])]
        parts.append(html.escape(units[start * 2 : end * 2].decode("utf-16-le")))
    # A block stands on lines of its own: the line breaks beside it would be drawn twice.
    return "".join(parts).replace("\n<blockquote", "<blockquote").replace("</blockquote>\n", "</blockquote>")


def _keys(message: Json) -> str:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    drawn = "".join(
        "<div>"
        + "".join(
            f"<span{' class=copy' if 'copy_text' in key else ''}>{html.escape(key['text'])}</span>" for key in row
        )
        + "</div>"
        for row in rows
    )
    return f"<div class=keys>{drawn}</div>" if rows else ""


def bubble(message: Json, *, mine: bool, clock: str, picture: Picture) -> str:
    """One message with its buttons."""
    inside, kind = "", ""
    if "photo" in message:
        data = base64.b64encode(picture(message["photo"][-1]["file_id"])).decode()
        inside, kind = f"<img src='data:image/png;base64,{data}'>", " photo"
    words = str(message.get("text") or message.get("caption", ""))
    entities: list[Json] = message.get("entities") or message.get("caption_entities") or []
    if "document" in message:
        words = "📄 " + message["document"]["file_name"]
    edited = "已编辑 " if message.get("edit_date") and mine else ""
    inside += f"<div class=words>{marked_up(words, entities)}<span class=time>{edited}{clock}</span></div>"
    side = "row mine" if mine else "row"
    return f"<div class='{side}'><div class=box><div class='bubble{kind}'>{inside}</div>{_keys(message)}</div></div>"


def page(title: str, screens: Sequence[Sequence[str]]) -> str:
    """Phones side by side, each with its rows of messages."""
    head = (
        f"<header><div class=back>‹</div><div class=face>政</div><div><b>{title}</b><span>机器人</span></div></header>"
    )
    phones = "".join(f"<section>{head}<main>{''.join(rows)}</main></section>" for rows in screens)
    start = f"<!doctype html><html lang=zh-CN><meta charset=utf-8><style>{STYLE}</style>"
    return f"{start}<body>{phones}<script>{MEASURE}</script></body></html>"


def event(words: str) -> str:
    """A small line between messages: what the person pressed."""
    return f"<div class=event><span>{html.escape(words)}</span></div>"
