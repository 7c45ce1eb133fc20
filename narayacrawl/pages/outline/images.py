"""Tell pictures of the article from icons, avatars and tracking pixels."""

import re

from lxml.etree import _Element as Element

from narayacrawl.language.numbers import read_number

MAX_DECORATIVE_SIZE = 49
DECORATIVE_CLASS = re.compile(r"(?:^|[\s_-])(?:avatar|wp-smiley|emoji|logo|icon)", re.IGNORECASE)


def is_decorative(element: Element) -> bool:
    """True if an `img` is an icon, an avatar, an emoji or a tracking pixel, by its dimensions or class."""
    get = element.get
    dimensions = (get("width") or "", get("height") or "")
    return any(read_number(dimension, most=MAX_DECORATIVE_SIZE) is not None for dimension in dimensions) or (
        DECORATIVE_CLASS.search(get("class") or "") is not None
    )
