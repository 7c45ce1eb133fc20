"""Say how a command was called, and refuse in one line what it does not take."""

import difflib
import sys
from collections.abc import Iterable
from pathlib import Path

from scrapy.exceptions import UsageError


def tell(command: str, line: str) -> None:
    """Print a line on stderr, after the command as it was called: `scrapy crawl: …`, `narayacrawl crawl: …`."""
    print(f"{program()} {command}: {line}", file=sys.stderr)


def program() -> str:
    """Return `narayacrawl` where that was called, as a script or with `python -m`, else `scrapy`."""
    path = Path(sys.argv[0])
    name = path.parent.name if path.stem == "__main__" else path.stem
    return name if name == "narayacrawl" else "scrapy"


def install_hint(extra: str) -> str:
    """Return how the packages of an extra are installed: for a clone, into its environment."""
    clone = Path(__file__).parents[2]
    if not (clone / "pyproject.toml").is_file():
        return f"pip install 'narayacrawl[{extra}]'"
    return f"pip install -e '{'.' if clone == Path.cwd() else clone}[{extra}]'"


def refuse_repeated(arguments: list[str]) -> None:
    """`UsageError` for a spider argument that is given twice: Scrapy would take the last one."""
    given: dict[str, str] = {}
    for text in arguments:
        name, _, value = text.partition("=")
        if given.setdefault(name, value) != value:
            raise UsageError(f"{name} is given twice: {name}={given[name]} and {name}={value}")


def refuse_file(path: Path) -> None:
    """`UsageError` where no file can be written: in the place of a folder, or in none."""
    if path.is_dir() or not path.parent.is_dir():
        raise UsageError(f"{'a folder' if path.is_dir() else 'no such folder'}: {path}")


def refuse_inside(path: Path, archive: Path) -> None:
    """`UsageError` for what would be written into a folder of the archive."""
    if path.resolve().is_relative_to(archive.resolve()):
        raise UsageError(f"{path} would stand in the archive: write elsewhere")


def one_argument(args: list[str], what: str) -> str:
    """The only argument; `UsageError` where there is none, or another one."""
    if len(args) != 1 or not args[0].strip():
        raise UsageError(f"name one {what}, not {' '.join(args)}" if len(args) > 1 else f"name a {what}")
    return args[0]


def suggestion(name: str, names: Iterable[str]) -> str:
    """` (did you mean x or y?)`, or all names where none is near."""
    names = sorted(names)
    if near := difflib.get_close_matches(name, names):
        return f" (did you mean {' or '.join(near)}?)"
    return f" (there are: {', '.join(names) or 'none'})"
