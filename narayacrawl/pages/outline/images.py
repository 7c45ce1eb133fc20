"""Tell pictures of the article from icons, avatars and tracking pixels."""

import re

from lxml.etree import _Element as Element

from narayacrawl.language.numbers import read_number

MAX_DECORATIVE_SIZE = 49
DECORATIVE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:avatar|wp-smiley|emoji|logo|icon|rounded-(?:full|circle)(?:$|\s)|img-circle)", re.IGNORECASE
)

# The name of a picture's file, without its size and ending.
FILE_NAME = re.compile(r"([^/?&=]+?)(?:-\d{2,4}x\d{2,4}|-scaled)?\.(?:jpe?g|png|webp|avif)(?:$|[?#])", re.IGNORECASE)


def is_decorative(element: Element) -> bool:
    """True if an `img` is an icon, an avatar, an emoji or a tracking pixel, by its dimensions or class."""
    get = element.get
    for dimension in (get("width"), get("height")):
        if dimension and read_number(dimension, most=MAX_DECORATIVE_SIZE) is not None:
            return True
    names = get("class")
    return names is not None and DECORATIVE_CLASS.search(names) is not None


def is_picture(element: Element) -> bool:
    """True if an `img` names a file of a picture and is not decorative: no counter of visits."""
    return FILE_NAME.search(element.get("src") or "") is not None and not is_decorative(element)


def is_twin(element: Element, other: Element) -> bool:
    """True if another `img` names the same file, in whatever attribute: it loads late."""
    name = FILE_NAME.search(element.get("src") or "")
    return name is not None and any(_names_file(str(value).lower(), name[1].lower()) for value in other.attrib.values())


def _names_file(address: str, name: str) -> bool:
    """True if an address, or one of several, is of a file of this name, in any size and format."""
    place = address.find(name)
    while place >= 0:
        end = place + len(name)
        if address[end : end + 1] in (".", "-") and (not place or address.endswith(("/", "%2f"), 0, place)):
            return True
        place = address.find(name, place + 1)
    return False
