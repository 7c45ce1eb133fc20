"""What a page may cost: memory in proportion to its size, whatever is in it, and never more than 200 MB."""

import subprocess
import sys
from bisect import bisect_left

import pytest

from narayacrawl.pages import PageRefused, parse_html
from tests.pages.test_bounds import TEXT, TITLE, URL, page

SIZE, FACTOR = 4_000_000, 20
BYTES_A_NODE = 800
MAX_MEMORY = 200_000_000
STEP, LARGEST = 400_000, 12_000_000

BIG = {
    "paragraphs": f"<p>{TEXT}</p>",
    "paragraphs with links": f'<p>{TEXT} <a href="/x/">Kabar</a> <b>hulu</b> {TEXT}</p>',
    "one text": f"{TEXT} ",
    "one word": "perahu",
    "lines": f"{TEXT}<br>",
    "links": '<a href="/daerah/kabar-lain/">Kabar lain dari hulu</a> ',
    "small inline elements": "<b>a</b><i>b</i> ",
    "list items": "<li>perahu kayu dari hulu sungai",
    "rows": "<tr><td>perahu<td>kayu<td>hulu",
    "spans": "<span></span>",
    "boxes": '<div class="x">',
    "images": '<img src="/a.jpg">',
    "comments": "<!---->",
}
SHELL = {
    "one text": "<p>{}</p>",
    "one word": "<p>{}</p>",
    "rows": "<table>{}</table>",
    "JSON-LD": '<script type="application/ld+json">{{"@graph": [{}{{}}]}}</script>',
    "an attribute": '<p data-x="{}">x</p>',
    "a class": '<p class="{}">x</p>',
    "an address": '<p><a href="/{}">x</a></p>',
    "a title": "<title>{}</title>",
}
BIG |= {
    "JSON-LD": f'{{"@type": "NewsArticle", "headline": "{TITLE}", "author": {{"name": "Budi"}}}},',
    "an attribute": "perahu ",
    "a class": "sidebar ",
    "an address": "perahu-",
    "a title": "Perahu | ",
}

# The parser's tree alone has more than 200 bytes for an element with a word of text, up to 44 times the page: here the
# elements and texts count, not the size.
DENSE = {"links", "list items", "images", "small inline elements", "rows", "boxes", "spans"}

# The most memory that a process held, one for each page: it begins with its parent's, which has read nothing yet.
MEMORY = f"""
import sys
from pathlib import Path
import narayacrawl.wordpress  # what a crawl's process holds beside
from narayacrawl import extract


def most() -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


html = sys.stdin.read()
extract(html[:2_000], {URL!r})
before = most()
extract(html, {URL!r})
print(most() - before)
"""


def nodes(html: str) -> int:
    """How many elements and texts a page has."""
    return sum(2 if element.text else 1 for element in parse_html(html).root.iter())


def big(kind: str, size: int) -> str:
    """So many bytes of this kind."""
    return page(SHELL.get(kind, "{}").format(BIG[kind] * (size // len(BIG[kind]))))


def memory(html: str) -> int:
    """How many bytes a process needs to read a page."""
    answer = subprocess.run([sys.executable, "-c", MEMORY], input=html, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    return int(answer.stdout) * 1024


def is_refused(html: str) -> bool:
    """True if a page is too heavy to be read."""
    try:
        parse_html(html)
    except PageRefused:
        return True
    return False


def heaviest(kind: str) -> str:
    """The largest page of this kind that is read."""
    sizes = range(STEP, LARGEST + STEP, STEP)
    read = bisect_left(sizes, True, key=lambda size: is_refused(big(kind, size)))
    assert read, f"no page is read: {kind}"
    return big(kind, sizes[read - 1])


@pytest.mark.slow
@pytest.mark.parametrize("kind", sorted(BIG))
def test_no_page_takes_more_than_two_hundred_megabytes(kind: str) -> None:
    assert memory(heaviest(kind)) < MAX_MEMORY


@pytest.mark.slow
@pytest.mark.parametrize("kind", sorted(BIG.keys() - DENSE))
def test_four_megabytes_take_less_than_twenty_times_their_memory(kind: str) -> None:
    assert memory(big(kind, SIZE)) < FACTOR * SIZE


@pytest.mark.slow
@pytest.mark.parametrize("kind", sorted(DENSE - {"boxes"}))  # most boxes in boxes are left out
def test_a_page_of_little_but_elements_takes_less_than_800_bytes_for_each(kind: str) -> None:
    html = big(kind, SIZE // 4)
    assert memory(html) < BYTES_A_NODE * nodes(html)
