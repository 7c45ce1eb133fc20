"""Write and read the page numbers that WordPress puts into the addresses of listings and split articles.

Listings: `/page/3/`, `?paged=3`, a query block's `?query-5-page=3` (rewrite rules, `get_pagenum_link`,
`core/query-pagination`). Articles: `/slug/3/`, `&page=3` (`_wp_link_page`).
"""

import re
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit, urlunsplit

from narayacrawl.language.numbers import read_number
from narayacrawl.urls import clean_url, is_clean, key

LISTING_PATH = re.compile(r"^(.*?/)page/(\d+)/?$")
LISTING_PARAMETER = re.compile(r"paged|page|query-\d+-page")
MAX_LISTING_PAGES = 10_000_000
"""A link with a larger number is none of a listing's pages."""
ARTICLE_PAGE_PATH = re.compile(r"(.*)/(\d{1,2})/?$")


def listing_page(url: str) -> tuple[str, str, int]:
    """Split a listing page's address into (series, parameter, number): the address of the first page, how pages are
    counted (`/page/`, `paged`, "" on the first), and which one this is, from 1."""
    url = clean_url(url)
    if is_clean(url) and "/page/" not in url and "index.php" not in url:
        return url, "", 1
    parts = urlsplit(url)
    path = parts.path.removesuffix("index.php") or "/"
    match = LISTING_PATH.match(path)
    if match and (number := read_number(match[2], most=MAX_LISTING_PAGES)) is not None:
        # `/index.php/page/2/` goes on from `/`.
        series = match[1].removesuffix("index.php/")
        return urlunsplit(parts._replace(path=series)), "/page/", number
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    for name, value in pairs:
        if LISTING_PARAMETER.fullmatch(name) and (number := read_number(value, most=MAX_LISTING_PAGES)) is not None:
            rest = urlencode([pair for pair in pairs if pair[0] != name])
            return urlunsplit(parts._replace(path=path, query=rest)), name, number
    return urlunsplit(parts._replace(path=path)), "", 1


def next_listing_url(url: str) -> str:
    """Return the address of the page after this one, for a page that does not link to it."""
    return listing_page_url(url, listing_page(url)[2] + 1)


def listing_page_url(url: str, number: int) -> str:
    """Return the address of page `number`, from 2, of the listing that has a page at `url`, counted as there."""
    series, parameter, _ = listing_page(url)
    parts = urlsplit(series)
    if parameter == "/page/" or (not parameter and not parts.query):
        return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/page/{number}/"))
    return urlunsplit(parts._replace(query=f"{parts.query}&{parameter or 'paged'}={number}".lstrip("&")))


def article_page_number(url: str, article_url: str) -> int | None:
    """Return the page number in `url` if it is a page of the article at `article_url`; None if it is not."""
    parts = urlsplit(url)
    values = parse_qs(parts.query).get("page", [])
    if values and (number := read_number(values[0])) is not None:
        return number if key(_without_page(url)) == key(article_url) else None
    match = ARTICLE_PAGE_PATH.match(parts.path)
    return int(match[2]) if match and key(parts._replace(path=match[1]).geturl()) == key(article_url) else None


def article_page_url(article_url: str, number: int) -> str:
    """Return the address of page `number` of an article."""
    if urlsplit(article_url).query:
        return f"{article_url}&page={number}"
    return f"{article_url.rstrip('/')}/{number}/"


def first_page_url(url: str, number: int) -> str:
    """Return the address of the first page of the article whose page `number` is at `url`."""
    parts = urlsplit(_without_page(url))
    return parts._replace(path=re.sub(rf"/{number}/?$", "/", parts.path)).geturl()


def _without_page(url: str) -> str:
    """Return an address without its `page` parameter."""
    parts = urlsplit(url)
    return parts._replace(query=re.sub(r"(?:^|&)page=\d+", "", parts.query).lstrip("&")).geturl()
