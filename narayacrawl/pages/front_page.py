"""Tell of a page that is taken for a portal's front page whether it is one, and where the portal itself says it is."""

from collections import Counter
from typing import Final
from urllib.parse import urljoin, urlsplit

from parsel import Selector

from narayacrawl.pages.body_classes import is_single, read_body_classes
from narayacrawl.urls import absolute, origin, same_site

HOME_CLASSES: Final = frozenset({"home", "blog", "front-page"})
PART_CLASSES: Final = frozenset({"archive", "category", "tag", "author", "search", "error404", "attachment"})
API_LINK: Final = '//link[@rel="https://api.w.org/"]/@href'
HOME_LINKS: Final = '//link[@rel="home"]/@href | //a[@rel="home"]/@href'
STATED_ADDRESSES: Final = f'//link[@rel="canonical"]/@href | //meta[@property="og:url"]/@content | {API_LINK}'
API_PATHS: Final = ("wp-json/", "wp-json", "index.php?rest_route=/", "?rest_route=/")
MIN_LINKS: Final = 3
LINK_SHARE: Final = 0.6


def home_of(selector: Selector, url: str) -> str:
    """Return the address of the portal's front page as WordPress names it on any of its pages; else the site's root."""
    for href in selector.xpath(API_LINK).getall():
        address = absolute(href, url)
        if address and same_site(address, url):
            ending = next((path for path in API_PATHS if address.endswith(path)), None)
            if ending is not None:
                return address.removesuffix(ending)
    for href in selector.xpath(HOME_LINKS).getall():
        address = absolute(href, url)
        if address and same_site(address, url):
            return address
    return urljoin(url, "/")


def part_of_portal(selector: Selector, url: str) -> str | None:
    """Return what of a portal a page is, `an article` or `a section`, where its address has a path that is not that of
    the portal itself; None if it is a front page, as far as it tells."""
    path = urlsplit(url).path.strip("/")
    classes = read_body_classes(selector)
    if not path or classes & HOME_CLASSES:
        return None
    if is_single(classes):
        return "an article"
    home = urlsplit(home_of(selector, url)).path.strip("/")
    names_another = home != path and bool(selector.xpath(f"{API_LINK} | {HOME_LINKS}"))
    is_below = names_another and (not home or f"{path}/".startswith(f"{home}/"))
    return "a part" if classes & PART_CLASSES or is_below else None


def other_site(selector: Selector, url: str) -> str | None:
    """Return the root of another site that a page says it is of: by all the addresses that it gives itself, else by
    most of its links, where none leads to its own site; None if it says nothing like that."""
    stated = [address for href in selector.xpath(STATED_ADDRESSES).getall() if (address := absolute(href, url))]
    if stated:
        others = {origin(address) for address in stated if not same_site(address, url)}
        is_one = len(others) == 1 and all(not same_site(address, url) for address in stated)
        return f"{next(iter(others))}/" if is_one else None
    links = [address for href in selector.xpath("//a/@href").getall() if (address := absolute(href, url))]
    if not links or any(same_site(address, url) for address in links):
        return None
    [(most, count)] = Counter(map(origin, links)).most_common(1)
    return f"{most}/" if most and count >= MIN_LINKS and count >= LINK_SHARE * len(links) else None
