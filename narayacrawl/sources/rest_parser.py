"""Parse answers of WordPress' REST API: its posts, with what their pages keep to themselves. Pure: bytes in, posts out.

A block theme may print no link to the second page of a split article, but the API's `content.rendered` keeps the
`<!--nextpage-->` markers (feeds do not: WordPress 6.1 cuts them to the first page). Handbook:
https://developer.wordpress.org/rest-api/reference/posts/
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from itertools import islice
from typing import Any, Final

from scrapy.http import Response

from narayacrawl.language.numbers import read_number
from narayacrawl.ledger.kept_pages import KeptAnswer
from narayacrawl.sources.timestamps import to_timestamp
from narayacrawl.urls import absolute

LIST_BEGIN: Final = re.compile(r"^\s*\[|(?<=[>\n])\[(?=\s*[{\]])")
MAX_ELEMENTS: Final = 500_000
"""Values that an answer may have, about: each takes up to 140 bytes of memory. A hundred posts have a tenth of them."""
MAX_REFUSAL: Final = 64 * 1024
"""Bytes of an answer in which WordPress tells what it refuses."""
MAX_LIST_BEGINNINGS: Final = 20
"""A list begins the answer, or a line or what follows a tag in it: so many places are tried."""
NEXT_PAGE: Final = "<!--nextpage-->"
PER_REQUEST: Final = 100  # the most that WordPress allows
DEFAULT_PAGE_SIZE: Final = 10
"""What a page has if no size is asked for."""
MAX_CONTENT_LENGTH: Final = 20_000
"""So many characters of a post's HTML are kept: enough to tell whether a page has the text, too."""
FIELDS: Final = "id,link,date,date_gmt,modified_gmt,content.rendered,_links.wp:featuredmedia,_embedded"


@dataclass(frozen=True, slots=True)
class RestPost:
    """One post as the API tells it."""

    id: int
    link: str
    pages: int | None
    """How many pages it is split into, from 1; None if its content was not asked for."""
    published: str | None
    """When it was published, ISO 8601 with the portal's own offset; None if unknown."""
    modified: str | None
    """The last edit, ISO 8601 in UTC; None if unknown."""
    image: str | None
    """Address of the featured image; None if there is none."""
    caption: str | None
    """Its caption as inline HTML; None if it has none."""
    local: str = ""
    """When it was published by the portal's clock, without an offset."""
    local_modified: str | None = None
    """The last edit by the portal's clock, without an offset; None if unknown."""
    content: str | None = None
    """The beginning of its HTML; None if it was not asked for."""
    answer: KeptAnswer | None = None
    """What the run's WARC keeps of the answer that told it; None if it keeps nothing."""


def posts_url(root: str, page: int, ids: Sequence[int] = (), size: int = PER_REQUEST) -> str:
    """Return the address of one page of the posts collection, newest first, so many posts each, or of these posts, at
    most a hundred; `root` is the `https://api.w.org/` link's target.

    Without pretty permalinks the root is `…/index.php?rest_route=/`.
    """
    joint = "&" if "?" in root else "?"
    which = f"per_page={size}&page={page}"
    if ids:
        which = f"per_page={len(ids)}&include={','.join(map(str, ids))}"
    return f"{root}wp/v2/posts{joint}_embed=wp:featuredmedia&_fields={FIELDS}&{which}"


def max_page_size(response: Response, size: int) -> int | None:
    """Return how many posts a page may have, if WordPress refuses so many (400, rest_invalid_param): a plugin may allow
    less than a hundred; None for any other answer."""
    if response.status != 400 or len(response.body) > MAX_REFUSAL:
        return None
    try:
        answer = json.loads(response.body)
        reason = str(answer["data"]["params"]["per_page"])
    except (ValueError, TypeError, KeyError):
        return None
    most = max((int(word) for word in re.findall(r"[0-9]{1,9}", reason)), default=DEFAULT_PAGE_SIZE)
    most = most if 0 < most < size else DEFAULT_PAGE_SIZE
    return most if most < size else None


def read_list(body: bytes) -> list[Any] | None:
    """Return the JSON list of an answer, also if PHP has printed a notice before it; None if it has none, or it would
    fill the memory."""
    if sum(map(body.count, (b"{", b"[", b","))) > MAX_ELEMENTS:
        return None
    text = body.decode("utf-8", "replace").removeprefix("\ufeff")
    for begin in [match.end() - 1 for match in islice(LIST_BEGIN.finditer(text), MAX_LIST_BEGINNINGS)]:
        try:
            answer, end = json.JSONDecoder().raw_decode(text, begin)
        except (ValueError, RecursionError):  # nested ten thousand times, or no JSON
            continue
        if isinstance(answer, list) and not text[end:].strip():
            return answer
    return None


def read_posts(body: bytes, answer: KeptAnswer | None = None) -> tuple[list[RestPost], int]:
    """Return the posts of an answer, and how many entries are malformed and left out; `answer` is what the run's WARC
    keeps of it.

    Raises `ValueError` if the answer is no list of WordPress' posts: none of its entries is one.
    """
    entries = read_list(body)
    if entries is None:
        raise ValueError("not a list of posts")
    posts = [post for entry in entries if (post := _post(entry, answer))]
    if entries and not posts:
        raise ValueError("not a list of posts: no entry has an id and a link")
    return posts, len(entries) - len(posts)


def _post(entry: Any, answer: KeptAnswer | None) -> RestPost | None:
    """Return the post of an entry; None without an id and an address. What else is malformed is unknown."""
    if not isinstance(entry, dict):
        return None
    number, link = read_number(entry.get("id")), _text(entry.get("link"))
    address = absolute(link, link or "")
    if not number or address is None:
        return None
    content = _text(_member(entry.get("content"), "rendered"))
    local, utc = _text(entry.get("date")), _text(entry.get("date_gmt"))
    media = _first(_member(entry.get("_embedded"), "wp:featuredmedia"))
    return RestPost(
        id=number,
        link=address,
        pages=None if content is None else content.count(NEXT_PAGE) + 1,
        published=_with_offset(local, utc) if local and utc else None,
        modified=to_timestamp(_text(entry.get("modified_gmt")) or ""),
        image=_text(_member(media, "source_url")),
        caption=_text(_member(_member(media, "caption"), "rendered")) or None,
        local=local or "",
        local_modified=edited if (edited := _text(entry.get("modified"))) and local_date(edited) else None,
        content=None if content is None else content[:MAX_CONTENT_LENGTH],
        answer=answer,
    )


def _member(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, list) and value else None


def _text(value: Any) -> str | None:
    """Return a string that can be written as UTF-8; None for anything else."""
    try:
        return value if isinstance(value, str) and value.encode() else None
    except UnicodeEncodeError:  # half a surrogate pair
        return None


def local_date(text: str) -> datetime | None:
    """Return the moment of a local time; None if it is none, has an offset, or lies before 1970 or after 2100: an
    import may leave `0000-00-00T00:00:00`."""
    try:
        date = datetime.fromisoformat(text)
    except ValueError:
        return None
    return date if date.tzinfo is None and 1970 <= date.year <= 2100 else None


def _with_offset(local: str, utc: str) -> str | None:
    """Add to a local time the offset that parts it from the same moment in UTC; None if one is no date, as the
    `0000-00-00T00:00:00` of an import."""
    naive, same = local_date(local), local_date(utc)
    if naive is None or same is None:
        return None
    try:
        return naive.replace(tzinfo=timezone(naive - same)).isoformat()
    except ValueError:  # they are a day apart
        return None
