"""Clean offsets and source offsets: `clean[start:end]` leads to the exact source slice, through any number of steps."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengwen.ingest.textmap import Edit, MappedText, TextMap

SOURCE = "".join(chr(0x4E00 + at) for at in range(60))
"""Every character stands once, so that one found in the clean text tells where it came from."""
WRITTEN = "0123456789"
"""What edits write: never in the source."""


@st.composite
def steps(draw: st.DrawFn) -> tuple[MappedText, list[MappedText]]:
    """A text after up to five steps of edits that do not overlap, and the texts before it."""
    text, before = MappedText.of(SOURCE), list[MappedText]()
    for _ in range(draw(st.integers(0, 5))):
        cuts = sorted(draw(st.lists(st.integers(0, len(text.text)), max_size=8)))
        edits = [
            Edit(start, end, draw(st.text(alphabet=WRITTEN, max_size=4)))
            for start, end in list(pairwise(cuts))[::2]
            if end > start
        ]
        before.append(text)
        text = text.edit(edits)
    return text, before


@given(steps())
def test_a_character_that_stayed_leads_to_itself(case: tuple[MappedText, list[MappedText]]) -> None:
    text, _ = case
    for at, character in enumerate(text.text):
        start, end = text.map.source_span(at, at + 1)
        assert 0 <= start <= end <= len(SOURCE)
        if character not in WRITTEN:
            # Exactly itself; within a replacement that a later step cut, the whole of what was replaced.
            assert SOURCE[start:end] == character or character in SOURCE[start:end]
    kept = [character for character in text.text if character not in WRITTEN]
    assert kept == sorted(kept)


@given(steps(), st.integers(0, 80), st.integers(0, 80))
def test_a_slice_leads_to_all_that_it_came_from(
    case: tuple[MappedText, list[MappedText]], one: int, other: int
) -> None:
    text, _ = case
    first, last = sorted((min(one, len(text.text)), min(other, len(text.text))))
    start, end = text.map.source_span(first, last)
    assert 0 <= start <= end <= len(SOURCE)
    assert all(character in SOURCE[start:end] for character in text.text[first:last] if character not in WRITTEN)
    for at in range(first, last):
        inner = text.map.source_span(at, at + 1)
        assert start <= inner[0] <= inner[1] <= end


@given(steps(), st.integers(0, 60), st.integers(0, 60))
def test_what_is_left_of_a_source_slice_is_found_again(
    case: tuple[MappedText, list[MappedText]], one: int, other: int
) -> None:
    text, _ = case
    start, end = sorted((one, other))
    left = [at for at, character in enumerate(text.text) if character in SOURCE[start:end] and character not in WRITTEN]
    found = text.map.clean_span(start, end)
    if found is None:
        assert not left
    else:
        assert all(found[0] <= at < found[1] for at in left)


@given(steps())
def test_segments_cover_the_clean_text_in_order(case: tuple[MappedText, list[MappedText]]) -> None:
    segments = case[0].map.segments
    assert sum(segment[1] - segment[0] for segment in segments) == len(case[0].text)
    for before, after in pairwise(segments):
        assert before[1] == after[0]
        assert before[2] <= after[2] and before[3] <= after[3]
    assert TextMap(segments).segments == segments


@pytest.mark.parametrize("edits", [[Edit(0, 3), Edit(2, 4)], [Edit(50, 61)], [Edit(4, 2)]])
def test_edits_that_cannot_be(edits: list[Edit]) -> None:
    with pytest.raises(ValueError, match="edit"):
        MappedText.of(SOURCE).edit(edits)


def test_nothing_leads_nowhere() -> None:
    assert MappedText.of("").map.source_span(0, 0) == (0, 0)
    assert MappedText.of("甲").edit([Edit(0, 1)]).map.clean_span(0, 1) is None
