"""What plugins put into a text where no name tells it: share links, tables of contents, counters of readers."""

import re
from itertools import pairwise

from narayacrawl.pages.outline.blocks import PageBlock, text_of

# Where the share links of the networks that news pages use lead, and WP-Print's.
SHARER = re.compile(
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
COUNTER = re.compile(
    rf"\W*(?:(?:post\s)?views?|dilihat|dibaca|pembaca|hits|(?:estimated\s)?reading\stime|(?:estimasi\s)?waktu\s(?:mem)?baca)\s?:?\s{{0,2}}"
    rf"{NUMBER}(?:\s(?:views?|kali|x|menit|detik|min(?:ute)?s?))?\W*"
    rf"|\W*{NUMBER}\s(?:views?|kali\s(?:dilihat|dibaca)|x\s(?:dilihat|dibaca)|min(?:ute)?s?\sread|menit\s(?:mem)?baca)\W*"
    r"|\W*dengarkan\s(?:artikel|berita)(?:\sini)?\W*(?:\d{1,2}:\d\d(?:\s?/\s?\d{1,2}:\d\d)?)?\W*",
    re.IGNORECASE,
)
# A sentence to be passed on is a link to a network too, but text.
LONGEST, LONGEST_SHARE = 120, 60


def drop_extras(blocks: list[PageBlock]) -> None:
    """Drop the lines of a body that share it, list its headings or count its readers."""
    for block in blocks:
        if block.rule is None and block.text and len(block.text) <= LONGEST:
            block.rule = _rule(block)
    shown = [block for block in blocks if block.text or block.rule in ("share", "navigation")]
    for label, following in pairwise(shown):
        if label.rule is None and label.text and len(label.text) <= LONGEST and following.rule in LABELS:
            label.rule = following.rule if LABELS[following.rule].fullmatch(label.text) else None


LABELS = {"share": SHARE_LABEL, "navigation": CONTENTS_LABEL}


def _rule(block: PageBlock) -> str | None:
    if block.links:
        shares = all(SHARER.search(href) for href, _ in block.links)
        return "share" if shares and len(block.text) <= min(LONGEST_SHARE, 3 * block.linked) else None
    if block.kind in ("ul", "ol"):
        link = next(block.element.iter("a"), None)
        here = link is not None and (link.get("href") or "").startswith("#")
        return "navigation" if link is not None and here and text_of(link) == block.text else None
    return "meta" if COUNTER.fullmatch(block.text) else None
