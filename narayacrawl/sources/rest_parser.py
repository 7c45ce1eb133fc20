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
from typing import Any, Final

from scrapy.http import Response

from narayacrawl.sources.timestamps import to_timestamp

NEXT_PAGE: Final = "<!--nextpage-->"
PER_REQUEST: Final = 100  # the most that WordPress allows
DEFAULT_PAGE_SIZE: Final = 10
"""What a page has if no size is asked for."""
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
    if response.status != 400:
        return None
    try:
        answer = json.loads(response.body)
        reason = str(answer["data"]["params"]["per_page"])
    except (ValueError, TypeError, KeyError):
        return None
    most = max((int(word) for word in re.findall(r"[0-9]{1,9}", reason)), default=DEFAULT_PAGE_SIZE)
    most = most if 0 < most < size else DEFAULT_PAGE_SIZE
    return most if most < size else None


def read_posts(response: Response) -> list[RestPost]:
    """Return the posts of one answer; raises `ValueError` if it is not WordPress' JSON."""
    answer = json.loads(response.body)
    if not isinstance(answer, list):
        raise ValueError("not a list of posts")
    try:
        return [_post(entry) for entry in answer]
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"not a list of posts: {error!r}") from error


def _post(entry: dict[str, Any]) -> RestPost:
    local, utc = entry.get("date"), entry.get("date_gmt")
    media: dict[str, Any] = next(iter(entry.get("_embedded", {}).get("wp:featuredmedia", [])), {})
    return RestPost(
        id=int(entry["id"]),
        link=str(entry["link"]),
        pages=entry["content"]["rendered"].count(NEXT_PAGE) + 1 if "content" in entry else None,
        published=_with_offset(local, utc) if local and utc else None,
        modified=to_timestamp(entry.get("modified_gmt") or ""),
        image=media.get("source_url"),
        caption=media.get("caption", {}).get("rendered") or None,
        local=local or "",
        local_modified=entry.get("modified"),
    )


def _with_offset(local: str, utc: str) -> str | None:
    """Add to a local time the offset that parts it from the same moment in UTC; None if one is no date, as the
    `0000-00-00T00:00:00` of an import."""
    try:
        naive = datetime.fromisoformat(local)
        return naive.replace(tzinfo=timezone(naive - datetime.fromisoformat(utc))).isoformat()
    except ValueError:
        return None
