"""Read which article a page shows: its canonical address and its post id."""

import re
from urllib.parse import parse_qs, urlsplit

from parsel import Selector

from narayacrawl.language.numbers import read_number
from narayacrawl.pages.fields.metadata import Metadata, stated_address, texts
from narayacrawl.urls import absolute, clean_url, may_be_article, same_site

ID_ATTRIBUTES = "//input[@name='comment_post_ID']/@value | //article/@id"
# A word of an article's address; `comment-page-2` and `galeri-2` have fewer than a headline.
SLUG_WORD = re.compile(r"[^\W\d_]{2,}")
REST_POST = re.compile(r"/wp/v2/[\w-]+/(\d+)$")
REST_ROOT = re.compile(r"(?:index\.php/?)?(?:wp-json/?)?$")
POST_ID = re.compile(r"(?:post-)?(\d+)$")


def canonical_url(metadata: Metadata, response_url: str) -> str:
    """Return the page's canonical address if it belongs to this portal, else the address that answered."""
    hrefs = [metadata.link("canonical"), metadata.first("og:url"), *texts(metadata.article.get("url"))]
    for href in hrefs:
        url = stated_address(href, response_url) if href else None
        if url and same_site(url, response_url) and not _is_listing_above(url, response_url):
            return clean_url(url)
    return clean_url(response_url)


def _is_listing_above(url: str, response_url: str) -> bool:
    """True if an address is the front page, or that of a listing while an article's answered: one that WordPress has
    for listings only, or the folder of the section in which the article stands."""
    parts = urlsplit(url)
    if not parts.path.strip("/") + parts.query:
        return True
    if parts.path.strip("/") and not may_be_article(url):
        return may_be_article(response_url)
    folder, _, slug = urlsplit(clean_url(response_url)).path.strip("/").rpartition("/")
    if parts.query or parts.path.strip("/") != folder:
        return False
    return len(SLUG_WORD.findall(slug)) > len(SLUG_WORD.findall(folder.rpartition("/")[2])) == 1


def post_id(selector: Selector, metadata: Metadata, body_classes: frozenset[str]) -> int | None:
    """Return the id of the post: body class, shortlink, the link to its REST record, the comment form, the article's
    id."""
    for name in body_classes:
        if name.startswith("postid-") and (number := read_number(name[7:])):
            return number
    for rel in ("shortlink", "canonical"):
        ids = parse_qs(urlsplit(metadata.link(rel) or "").query).get("p")
        if ids and (number := read_number(ids[0])):
            return number
    rest = REST_POST.search(metadata.link("alternate application/json") or "")
    if rest and (number := read_number(rest[1])):
        return number
    matches = map(POST_ID.match, selector.xpath(ID_ATTRIBUTES).getall())
    numbers = {number for match in matches if match and (number := read_number(match[1]))}
    return numbers.pop() if len(numbers) == 1 else None


def site_folder(metadata: Metadata, response_url: str) -> str | None:
    """Return the path of the WordPress site that made the page (`/`, `/jabar/`): where its REST API or the address by
    its id is. None if it tells neither, or one of another host."""
    shortlink = metadata.link("shortlink")
    is_by_id = "p" in parse_qs(urlsplit(shortlink or "").query)
    for href in (metadata.link("https://api.w.org/"), shortlink if is_by_id else None):
        url = absolute(href, response_url) if href else None
        if url and same_site(url, response_url):
            return REST_ROOT.sub("", urlsplit(url).path) or "/"
    return None
