"""A page becomes a PNG in headless Chromium, with the Chinese font of a PyPI package; nothing is fetched."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>{folder}</dir>
  <cachedir>{cache}</cachedir>
</fontconfig>"""


def chromium() -> str:
    """The browser's path. Raises SystemExit with the remedy where there is none."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name)
        if found:
            return found
    raise SystemExit("no Chromium here: apt-get install chromium")


def shoot(page: str, target: Path, *, width: int, scale: float = 2) -> None:
    """Draw the page as high as it says it is (`document.documentElement.dataset.height`) and write the PNG."""
    import pylopdf_fonts_zh_cn

    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        fonts = FONTS.format(folder=Path(pylopdf_fonts_zh_cn.sans_path()).parent, cache=folder / "cache")
        (folder / "fonts.conf").write_text(fonts, encoding="utf-8")
        (folder / "page.html").write_text(page, encoding="utf-8")
        base = [chromium(), "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
        base += [f"--user-data-dir={folder / 'profile'}", f"--force-device-scale-factor={scale}"]
        environment = {"FONTCONFIG_FILE": str(folder / "fonts.conf"), "HOME": scratch, "PATH": "/usr/bin:/bin"}

        def run(*options: str) -> str:
            command = [*base, *options, (folder / "page.html").as_uri()]
            done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=True)
            return done.stdout

        height = re.search(r'data-height="(\d+)"', run(f"--window-size={width},800", "--dump-dom"))
        if height is None:
            raise SystemExit("the page did not say how high it is")
        run(f"--window-size={width},{height[1]}", f"--screenshot={folder / 'shot.png'}")
        shutil.copyfile(folder / "shot.png", target)
