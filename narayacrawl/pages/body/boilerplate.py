"""Drop what plugins add to a text without a class that says so: share links, tables of contents, reader counters."""

import re
from itertools import pairwise
from urllib.parse import unquote

from narayacrawl.pages.outline.blocks import PageBlock, text_of

# Addresses of share links: the networks that news pages use, and WP-Print.
SHARE_ADDRESS = re.compile(
    r"facebook\.com/(?:sharer|share\.php|dialog/)|(?:twitter|x)\.com/(?:intent/|share|home\?status)|(?:wa\.me|whatsapp\.com/send)\b"
    r"|(?:t\.me|telegram\.me)/share|linkedin\.com/(?:sharing|shareArticle)|pinterest\.[\w.]+/pin/create|threads\.(?:net|com)/intent"
    r"|line\.me/R/|reddit\.com/submit|tumblr\.com/(?:share|widgets/share)|/print/?$",
    re.IGNORECASE,
)
SHARE_LABEL = re.compile(
    r"\W{0,5}(?:bagikan|sebarkan|share|spread)(?:\s(?:ini|this|on|di|ke|via|artikel|berita|article|post|story|news))*\W*",
    re.IGNORECASE,
)
CONTENTS_LABEL = re.compile(
    r"\W{0,5}(?:daftar\sisi|isi\s(?:artikel|berita)|table\sof\scontents|contents|in\sthis\sarticle)\W*", re.IGNORECASE
)
NUMBER = r"\d[\d.,]*\s?(?:k|rb|jt)?"
READER_COUNTER = re.compile(
    rf"\W*(?:(?:post\s)?views?|dilihat|dibaca|pembaca|hits|(?:estimated\s)?reading\stime|(?:estimasi\s)?waktu\s(?:mem)?baca)\s?:?\s{{0,2}}"
    rf"{NUMBER}(?:\s(?:views?|kali|x|menit|detik|min(?:ute)?s?))?\W*"
    rf"|\W*{NUMBER}\s(?:views?|kali\s(?:dilihat|dibaca)|x\s(?:dilihat|dibaca)|min(?:ute)?s?\sread|menit\s(?:mem)?baca)\W*"
    r"|\W*dengarkan\s(?:artikel|berita)(?:\sini)?\W*(?:\d{1,2}:\d\d(?:\s?/\s?\d{1,2}:\d\d)?)?\W*",
    re.IGNORECASE,
)
# A sentence offered for sharing links to a network too, but is text.
MAX_LINE_LENGTH, MAX_SHARE_LENGTH = 120, 60


def drop_plugin_boilerplate(blocks: list[PageBlock], url: str) -> None:
    """Drop the lines of a body that share it, list its headings or count its readers; `url` is the page's."""
    for block in blocks:
        if block.rule is None and block.text and len(block.text) <= MAX_LINE_LENGTH:
            block.rule = _boilerplate_rule(block, url)
    lines = [block for block in blocks if block.text or block.rule in ("share", "navigation")]
    for label, following in pairwise(lines):
        if label.rule is None and label.text and len(label.text) <= MAX_LINE_LENGTH and following.rule in REGION_LABELS:
            label.rule = following.rule if REGION_LABELS[following.rule].fullmatch(label.text) else None


REGION_LABELS = {"share": SHARE_LABEL, "navigation": CONTENTS_LABEL}


def _hands_on(href: str, url: str) -> bool:
    """True if a link shares the page: its address is a network's, or another host's with the page's own inside."""
    if SHARE_ADDRESS.search(href):
        return True
    query = href.partition("?")[2]
    return "http" in query and bool(page := url.partition("://")[2].rstrip("/")) and page in unquote(query)


def _boilerplate_rule(block: PageBlock, url: str) -> str | None:
    """Return the rule that drops a line; None if none does."""
    if block.links:
        shares = all(_hands_on(href, url) for href, _ in block.links)
        return "share" if shares and len(block.text) <= min(MAX_SHARE_LENGTH, 3 * block.linked_chars) else None
    if block.kind in ("ul", "ol"):
        link = next(block.element.iter("a"), None)
        is_anchor = link is not None and (link.get("href") or "").startswith("#")
        return "navigation" if link is not None and is_anchor and text_of(link) == block.text else None
    return "meta" if READER_COUNTER.fullmatch(block.text) else None
