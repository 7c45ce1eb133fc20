"""Tell pictures of the article from icons, avatars and tracking pixels."""

import re

from lxml.etree import _Element as Element

FURNITURE_NAMES = re.compile(r"(?:^|[\s_-])(?:avatar|wp-smiley|emoji|logo|icon)", re.IGNORECASE)


def is_furniture(element: Element) -> bool:
    """Whether an `img` is an icon, an avatar, an emoji or a tracking pixel by its size or class."""
    get = element.get
    sizes = (get("width") or "", get("height") or "")
    return any(size.isdecimal() and int(size) < 50 for size in sizes) or (
        FURNITURE_NAMES.search(get("class") or "") is not None
    )
