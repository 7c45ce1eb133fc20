"""Read the players and embeds of an article: video, sound, posts of other networks, documents and maps."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from lxml.etree import _Element as Element

from narayacrawl.items import Media, MediaKind
from narayacrawl.language.numbers import read_number
from narayacrawl.pages.outline.blocks import PageBlock
from narayacrawl.pages.outline.tags import PLAYER_TAGS
from narayacrawl.urls import absolute, clean_url, key, same_site

MAX_MEDIA: Final = 200
"""No article has more; a page may."""
MAX_PIXEL_SIZE: Final = 5
# Lazy loading and consent plugins keep the address from `src` until it may be asked for.
ADDRESS_ATTRIBUTES: Final = (
    *("data-src", "data-lazy-src", "data-litespeed-src", "data-embed-url", "data-embed-src", "data-cmp-src"),
    *("data-src-cmplz", "data-cookieblock-src", "data-instgrm-permalink", "data-text-post-permalink", "data-href"),
    *("src", "data", "cite"),
)
ID_ATTRIBUTES: Final = ("videoid", "data-videoid", "data-video-id", "data-youtube-id", "data-tweetid", "data-shortcode")
PLAYER_ID: Final = re.compile(r"[\w-]{4,40}", re.ASCII)
# Elements that name what they play by its id alone.
ADDRESS_BY_ID: Final = {
    "youtube": "https://www.youtube.com/embed/{}",
    "vimeo": "https://player.vimeo.com/video/{}",
    "dailymotion": "https://www.dailymotion.com/embed/video/{}",
    "twitter": "https://twitter.com/i/status/{}",
    "instagram": "https://www.instagram.com/p/{}/",
}
NO_MEDIA_ADDRESS: Final = re.compile(
    r"doubleclick|googlesyndication|adservice|adsystem|adnxs|taboola|outbrain|mgid\.|//ads?[.\d-]"
    r"|/(?:smart)?ads?[/.?]"
    r"|googletagmanager|recaptcha|disqus|/analytics|list-manage|trinityaudio"
    r"|/plugins/(?:like|share|page|comments|follow|group|send)|(?:share|follow|tweet)[_-]?button|/widgets/follow",
    re.IGNORECASE,
)
VIDEO_ADDRESS: Final = re.compile(
    r"youtu\.?be|vimeo|dailymotion|dai\.ly/|rumble\.com|twitch\.tv|vidio\.com|videopress|jwplatform|jwplayer|wistia"
    r"|brightcove|streamable|video|\.(?:mp4|m4v|webm|mov|ogv|m3u8)(?:$|[?#])",
    re.IGNORECASE,
)
AUDIO_ADDRESS: Final = re.compile(
    r"spotify|soundcloud|anchor\.fm|mixcloud|podcast|podbean|spreaker|deezer|noice\.id|/audio"
    r"|\.(?:mp3|m4a|ogg|oga|wav|aac|opus)(?:$|[?#])",
    re.IGNORECASE,
)
YOUTUBE_ID: Final = re.compile(
    r"(?:youtube(?:-nocookie)?\.com/(?:embed/|shorts/|live/|v/|watch\?(?:[^#]{0,200}&)?v=)|youtu\.be/)([\w-]{11})"
)
# The address of a post, not of a profile, a tag or what the post links to.
POST_ADDRESS: Final = re.compile(r"/(?:status(?:es)?|posts?|p|reel|tv|t|video|videos|comments)/[\w-]", re.IGNORECASE)

# A machine that reads the article aloud.
SPEECH_CLASS: Final = re.compile(r"speech|read-?aloud|listen-?to|voice-over|trinity", re.IGNORECASE)


def is_ad_address(address: str) -> bool:
    """True if an address is of an ad, a counter, a share button or a comment box, not of what belongs to an article."""
    return NO_MEDIA_ADDRESS.search(address) is not None


def player_addresses(element: Element) -> Iterator[str]:
    """Yield the addresses that a player plays: of several versions, each."""
    for own in (element, *element.iter("source")):
        for name in ADDRESS_ATTRIBUTES:
            address = (own.get(name) or "").strip()
            if address and not address.lower().startswith(("about:", "javascript:", "data:", "blob:")):
                yield address
    if by_id := _address_by_id(element):
        yield by_id


def _address_by_id(element: Element) -> str | None:
    """Return the address of a player that names only the id of what it plays (`lite-youtube`, `amp-youtube`)."""
    name = f"{element.tag} {element.get('class') or ''}".lower()
    network = next((network for network in ADDRESS_BY_ID if network in name), None)
    ids = (element.get(attribute) or "" for attribute in ID_ATTRIBUTES)
    found = next((own for own in ids if PLAYER_ID.fullmatch(own)), None) if network else None
    return ADDRESS_BY_ID[network].format(found) if network and found else None


def media_among(blocks: Iterable[PageBlock], base: str) -> list[Media]:
    """Return the players and embeds among the blocks of the page at `base`, in order, each once."""
    found: dict[str, Media] = {}
    for block in blocks:
        if block.rule != "embed":
            continue
        for media in _media_of(block.element, base):
            found.setdefault(media_key(media), media)
        if len(found) >= MAX_MEDIA:
            break
    return list(found.values())[:MAX_MEDIA]


def media_key(media: Media) -> str:
    """Return the key that all addresses of one video share; of other media, their address's."""
    match = YOUTUBE_ID.search(media.url)
    return f"youtube {match[1]}" if match else key(media.url)


def _media_of(element: Element, base: str) -> Iterator[Media]:
    """Yield what one player plays, or every player inside the wrapper of an embed."""
    if SPEECH_CLASS.search(f"{element.get('class') or ''} {element.get('id') or ''}"):
        return
    if element.tag in PLAYER_TAGS:
        players = [element]
    else:
        players = [own for own in element.iter(*PLAYER_TAGS) if next(own.iterancestors("noscript"), None) is None]
    for player in players:
        if (
            not _is_pixel(player)
            and (url := _first_url(player_addresses(player), base))
            and not _is_own_post(player, url, base)
        ):
            yield Media(_kind(str(player.tag), url), url)
    if not players and (url := _first_url(_wrapper_addresses(element), base)) and not same_site(url, base):
        yield Media(_kind(str(element.tag), url), url)


def _first_url(addresses: Iterable[str], base: str) -> str | None:
    """Return the first of these that is a web address, without tracking parameters; None for an ad's."""
    url = next((url for address in addresses if (url := absolute(address, base))), None)
    return clean_url(url) if url and not is_ad_address(url) else None


def _wrapper_addresses(element: Element) -> Iterator[str]:
    """Yield the addresses of an embed that a script draws: an attribute's, else of the last link to a post,
    else in the text."""
    yield from player_addresses(element)
    for own in element.iter("div", "blockquote"):
        if own is not element:
            yield from player_addresses(own)
    links = [href for link in element.iter("a") if (href := link.get("href"))]
    yield from (href for href in reversed(links) if POST_ADDRESS.search(href))
    text = "".join(map(str, element.itertext())).strip()
    if text.startswith(("https://", "http://")):
        yield text.split(maxsplit=1)[0]


def _is_pixel(element: Element) -> bool:
    """True if a player is too small to be seen, as those that count readers are."""
    sizes = (element.get("width") or "", element.get("height") or "")
    return element.tag == "iframe" and all(read_number(size, most=MAX_PIXEL_SIZE) is not None for size in sizes)


def _is_own_post(element: Element, url: str, base: str) -> bool:
    """True if an embed shows another post of the same portal (WordPress' `wp-embedded-content`)."""
    return "wp-embedded-content" in (element.get("class") or "") and same_site(url, base)


def _kind(tag: str, url: str) -> MediaKind:
    if tag.endswith("audio") or (tag not in ("video", "amp-video") and AUDIO_ADDRESS.search(url)):
        return "audio"
    return "video" if tag in ("video", "amp-video") or VIDEO_ADDRESS.search(url) else "embed"
