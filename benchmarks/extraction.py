"""Measure the extraction of pages: CPU time per page, and relative to lxml parsing the same bytes, in one run.

    python benchmarks/extraction.py [FOLDER]

FOLDER holds `*.html` or `*.html.gz` (default: the pages of `fixtures/`). trafilatura and newspaper4k are measured, too,
if they are installed (`pip install -e ".[bench]"`). CSS classes are classified once per process, so that the second
extraction of a page is cheaper, as later pages of a crawl are: both are shown.
"""

import gzip
import importlib.util
import sys
import time
from collections.abc import Callable
from pathlib import Path

import lxml.html
from rich.console import Console
from rich.table import Table

from narayacrawl import extract
from narayacrawl.pages import parse_html

URL = "https://portal.example/daerah/artikel/"
FIXTURES = Path(__file__).parents[1] / "fixtures"


def read_pages(folder: Path) -> list[str]:
    """Read the pages below a folder; undecodable bytes are replaced."""
    plain = [path.read_bytes() for path in sorted(folder.rglob("*.html"))]
    packed = [gzip.decompress(path.read_bytes()) for path in sorted(folder.rglob("*.html.gz"))]
    return [page.decode("utf-8", "replace") for page in plain + packed]


def readers() -> dict[str, Callable[[str], object]]:
    """Return what is measured, by name; the baseline first."""
    parser = lxml.html.HTMLParser(encoding="utf-8")
    found: dict[str, Callable[[str], object]] = {
        "lxml.html parse": lambda page: lxml.html.document_fromstring(page.encode(), parser=parser),
        "parse_html": parse_html,
        "extract, first reading": lambda page: extract(page, URL),
        "extract, second reading": lambda page: extract(page, URL),
    }
    if importlib.util.find_spec("trafilatura"):
        import trafilatura

        found["trafilatura"] = lambda page: trafilatura.bare_extraction(page, url=URL, with_metadata=True)
    if importlib.util.find_spec("newspaper"):
        import newspaper

        # Otherwise it downloads every image of a page.
        found["newspaper4k"] = lambda page: newspaper.article(URL, input_html=page, fetch_images=False)
    return found


def measure(reader: Callable[[str], object], pages: list[str]) -> tuple[float, int]:
    """Return the CPU seconds that a reader takes for all pages, and on how many it failed."""
    failed = 0
    start = time.process_time()
    for page in pages:
        try:
            reader(page)
        except Exception:
            failed += 1
    return time.process_time() - start, failed


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FIXTURES
    pages = read_pages(folder)
    if not pages:
        sys.exit(f"no *.html or *.html.gz under {folder}")
    table = Table("reader", "ms a page", "times a bare parse", "pages it failed on", box=None)
    baseline = 0.0
    for name, reader in readers().items():
        spent, failed = measure(reader, pages)
        baseline = baseline or spent
        table.add_row(name, f"{1000 * spent / len(pages):.2f}", f"{spent / baseline:.1f}", str(failed or ""))
    console = Console()
    console.print(f"{len(pages)} pages, {sum(map(len, pages)) / len(pages) / 1000:.0f} kB each")
    console.print(table)


if __name__ == "__main__":
    main()
