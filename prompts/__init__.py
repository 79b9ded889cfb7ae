"""Prompt templates for an optional language model: data with checked slots. Imports none of the other rooms.

    load("passage_answer").fill(question="…", passages="…")

A language model may phrase and summarise; it never supplies a number or a quotation.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Template

__all__ = ["Prompt", "load", "names"]


@dataclass(frozen=True, slots=True)
class Prompt:
    """A template and the names of its `$slots`."""

    name: str
    text: str
    slots: frozenset[str]

    def fill(self, **values: str) -> str:
        """The text with every slot replaced. Raises ValueError when a slot is missing or unknown.

        LlamaIndex templates are had by filling in its own placeholders: `fill(question="{query_str}", …)`.
        """
        if set(values) != self.slots:
            expected, given = ", ".join(sorted(self.slots)), ", ".join(sorted(values)) or "none"
            raise ValueError(f"prompt '{self.name}' has the slots {expected}; given: {given}")
        return Template(self.text).substitute(values)


def names() -> tuple[str, ...]:
    """The templates that exist, by file name without `.md`."""
    return tuple(sorted(path.name[:-3] for path in files(__package__).iterdir() if path.name.endswith(".md")))


@cache
def load(name: str) -> Prompt:
    """The template `prompts/<name>.md`. Raises ValueError, naming the known ones, when there is none."""
    if name not in names():
        raise ValueError(f"no prompt '{name}'; known: {', '.join(names())}")
    text = (files(__package__) / f"{name}.md").read_text(encoding="utf-8")
    return Prompt(name, text, frozenset(Template(text).get_identifiers()))
