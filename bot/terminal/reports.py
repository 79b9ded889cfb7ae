"""`ingest`, `reports`, `remove` and `clean`: what goes into the library and out of it."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from zhengwen.bot.terminal.session import Session
from zhengwen.ingest.errors import InputError, UsageError

if TYPE_CHECKING:
    from zhengwen.index.ingesting import Skipped


@click.command(
    short_help="Read files, folders, archives and web pages into the library.",
    epilog="Example: zhengwen ingest reports/ page.html https://www.example.gov.cn/report.html",
)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--quiet", is_flag=True, help="Print problems only.")
@click.pass_obj
def ingest(session: Session, paths: tuple[str, ...], quiet: bool) -> None:
    """Read files, folders, archives and https:// pages into the library; unchanged ones are left as they are."""
    from zhengwen.bot.terminal.progress import IngestProgress
    from zhengwen.bot.terminal.show_reports import show_summary
    from zhengwen.index.ingesting import Summary, ingest_paths
    from zhengwen.ingest.fetch import is_url

    if not all(path.strip() for path in paths):
        raise UsageError("a path is empty; give files or folders, or . for this folder")
    for path in paths:
        if re.match(r"[a-z][a-z0-9+.-]+://", path, flags=re.I) and not is_url(path):
            raise UsageError(
                f"{path}: only https:// and http:// addresses are fetched; save the file and give its path"
            )
    with session.open(create=True) as library, IngestProgress(session.err, quiet=quiet) as progress:
        local, unfetched = _local(session, paths)
        summary = Summary()
        if local:
            summary = ingest_paths(library, local, settings=session.config.ingest, progress=progress)
        summary.skipped[:0] = unfetched
    failed = [skip for skip in summary.skipped if skip.named]
    if len(paths) == len(failed) == 1:
        raise InputError(f"{failed[0].path}: {failed[0].reason}")
    show_summary(session.err, summary, quiet=quiet)
    if failed:
        raise InputError(f"{len(failed)} of the named files could not be read; the reasons stand above")


def _local(session: Session, paths: tuple[str, ...]) -> tuple[list[Path], list[Skipped]]:
    """The paths, with web pages fetched into the library's folder first, and the pages that could not be fetched.

    The bytes of a page stay there as received; one that fails does not keep the others from being read.
    """
    from zhengwen.index.ingesting import Skipped
    from zhengwen.ingest.fetch import Fetcher, is_url

    fetcher = Fetcher(session.folder / "fetched", settings=session.config.ingest)
    local, unfetched = list[Path](), list[Skipped]()
    for path in paths:
        if not is_url(path):
            local.append(Path(path))
            continue
        try:
            local.append(fetcher.fetch(path).path)
        except InputError as error:
            unfetched.append(Skipped(path, str(error).removeprefix(f"{path}: "), named=True))
    return local, unfetched


@click.command(epilog="Example: zhengwen reports --json")
@click.option("--json", "as_json", is_flag=True, help="One report a line.")
@click.pass_obj
def reports(session: Session, as_json: bool) -> None:
    """List the reports: region, year, kind, date, title, counts."""
    from zhengwen.bot.terminal.show_reports import print_reports, show_reports

    with session.open() as library:
        rows = library.reports()
    if as_json:
        print_reports(rows)
    else:
        show_reports(session.out, rows)


@click.command(short_help="Take reports out of the library.", epilog="Example: zhengwen remove reports/old.md")
@click.argument("targets", nargs=-1, required=True, metavar="TARGET...")
@click.pass_obj
def remove(session: Session, targets: tuple[str, ...]) -> None:
    """Take reports out of the library, by id or by path as ingested (a folder: all below it)."""
    from zhengwen.bot.terminal.tables import counted, visible
    from zhengwen.index.ingesting import remove_reports

    with session.open() as library:
        for target in targets:
            count = remove_reports(library, target)
            if not count:
                raise InputError(f"no report '{target}' in the library; `zhengwen reports` lists ids and paths")
            session.err.print(visible(f"removed {counted(count, 'report')}: {target}"))


@click.command(short_help="Print the clean text of a file.", epilog="Example: zhengwen clean page.html --explain")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--explain", is_flag=True, help="Say on standard error what was repaired and removed, and why.")
@click.pass_obj
def clean(session: Session, file: Path, explain: bool) -> None:
    """Print the clean text of FILE as the library would store it."""
    from zhengwen.bot.terminal.show_reports import show_changes
    from zhengwen.ingest.pipeline import read_report

    if os.path.isdir(file):  # noqa: PTH112 - Path.is_dir raises for a name that is too long
        raise UsageError(f"{file} is a folder; clean takes one file")
    report = read_report(file, settings=session.config.ingest)
    click.echo(report.text)
    if explain:
        show_changes(session.err, report)
