from __future__ import annotations
from zhengwen.bot.answer_value import value
def series(library, query, draft, settings): return value(library, query, draft, settings)
