"""Fixtures for all rooms."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of local test corpora beside the checkout; its texts carry no licence, so they are not shipped."""
    folder = ROOT.parent / "shared"
    if not (folder / "corpus").is_dir():
        pytest.skip("needs the local test corpora in ../shared, which are not shipped with the project")
    return folder
