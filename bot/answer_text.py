from __future__ import annotations
from zhengwen.bot.messages import say
from zhengwen.bot.refusal import refuse
def passages(library, query, draft, settings): return refuse(query.text, say("refuse.passage", what=query.words), "indicator")
