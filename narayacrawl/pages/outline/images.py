"""Tell pictures of the article from icons, avatars and tracking pixels."""

import re

from lxml.etree import _Element as Element

from narayacrawl.language.numbers import read_number

MAX_DECORATIVE_SIZE = 49
DECORATIVE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:avatar|wp-smiley|emoji|logo|icon|rounded-(?:full|circle)(?:$|\s)|img-circle)", re.IGNORECASE
)

PICTURE_ENDINGS = frozenset({"jpg", "jpeg", "png", "webp", "avif"})
SIZE = re.compile(r"(?:-\d{2,4}x\d{2,4}|-scaled)$")
MAX_ADDRESS_LENGTH = 2_000


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
    return _file_name(element) is not None and not is_decorative(element)


def is_twin(element: Element, other: Element) -> bool:
    """True if another `img` names the same file, in whatever attribute: it loads late."""
    name = _file_name(element)
    if name is None:
        return False
    same_file = re.compile(rf"(?:/|%2F|^){re.escape(name)}[.-]", re.IGNORECASE)
    return any(same_file.search(str(value)) for value in other.attrib.values())


def _file_name(element: Element) -> str | None:
    """Return the name of the file of a picture, without size and ending; None if an `img` names none."""
    address = element.get("src") or ""
    if len(address) > MAX_ADDRESS_LENGTH:
        return None
    path = address.partition("?")[0].partition("#")[0]
    name, _, ending = path.rpartition("/")[2].rpartition(".")
    return SIZE.sub("", name) or None if ending.lower() in PICTURE_ENDINGS else None
