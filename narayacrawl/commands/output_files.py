"""The files that `-O` and `--parquet` name: what is refused before a command begins, and how they are opened."""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.exceptions import UsageError

from narayacrawl.commands import usage
from narayacrawl.items import Article

if TYPE_CHECKING:
    from narayacrawl.exporters.files import Output


def add_output_options(parser: ArgumentParser, rows: str = "") -> None:
    """Add the two options; `rows` says what a row is, where it is no article."""
    parser.add_argument(
        "-O",
        dest="file",
        metavar="FILE",
        help=f"write FILE{rows}, JSON Lines as .jsonl, CSV as .csv, compressed with .gz or .zst behind it; - is stdout",
    )
    parser.add_argument("--parquet", metavar="FILE", help="write a Parquet file, too (needs pyarrow)")


def refuse_outputs(file: str | None, own: dict[str, str | None], folders: Collection[Path] = ()) -> None:
    """`UsageError` where a file cannot be written: `file` is that of `-O`, `own` has those of options that each need
    their own, by option; none may stand in one of the archive's `folders`. None, or empty: the option is not given."""
    from narayacrawl.exporters.files import STDOUT, refuse_ending

    if file:
        try:
            refuse_ending("-O", file)
        except ValueError as error:
            raise UsageError(str(error)) from error
    if own.get("--parquet"):
        try:
            import narayacrawl.exporters.parquet  # noqa: F401
        except ImportError:
            raise UsageError(f"--parquet needs pyarrow: {usage.install_hint('parquet')}") from None
    files = [Path(name).resolve() for name in (file, *own.values()) if name and name != STDOUT]
    for path in files:
        usage.refuse_file(path)
        for folder in folders:
            usage.refuse_inside(path, folder)
    for option, name in own.items():
        if name and (name == STDOUT or files.count(Path(name).resolve()) > 1):
            raise UsageError(f"{option} needs a file of its own")


def output_openers(
    opts: Namespace, fields: Sequence[str] = (), record_type: type = Article
) -> list[Callable[[], "Output"]]:
    """Return what opens the files that the two options name; `fields` and `record_type` tell what a row is, where it is
    no article."""
    from narayacrawl.exporters.files import lines_output

    openers: list[Callable[[], Output]] = [lambda: lines_output(opts.file, fields)] if opts.file else []
    if opts.parquet:
        from narayacrawl.exporters.parquet import ParquetFile

        openers.append(lambda: ParquetFile(Path(opts.parquet), record_type))
    return openers
