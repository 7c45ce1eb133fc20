"""The names that themes and plugins give to the parts of a page: which are never the article's text, which hold it.

A class or id is judged word by word, once: the answers are cached, and a portal uses the same few hundred for years.
The words are those of WordPress core, of the themes and plugins most in use, and of English and Indonesian; none is
one portal's own.
"""

import re
from fnmatch import translate
from functools import lru_cache
from typing import NamedTuple

REGIONS = {
    "comments": "comment comments comment[-_]* comments[-_]* *[-_]comments commentlist respond disqus* wpdiscuz* wpd-*",
    "ad": (
        "ad ads ad[-_]* ads[-_]* *[-_]ad *[-_]ads adby* adsby* advert* *advertis* iklan* *[-_]iklan e3lan* *banner* "
        "dfp* *adsense* stream-item* a-wrap* promotionspace* sponsor* google-auto-placed code-block "
        "code-block-[0-9]* ai-viewport* jeg_ad* td-a-rec* quads-* mgid* taboola* outbrain*"
    ),
    "related": (
        "*related* *baca-juga* *bacajuga* *read-also* *readalso* *also-read* yarpp* *recommend* *you-may* "
        "*you-might* *youmay* *terkait* *lihat-juga* *simak-juga* rp4wp* crp_* *trending* *popular* *populer* "
        "*latest-posts* *latest-news* more-from* more-stories* more-news* more-posts* up-next*"
    ),
    "share": (
        "share shares sharer sharing share[-_]* sharing[-_]* *[-_]share *[-_]shares *[-_]sharing *[-_]share[-_]* "
        "*[-_]sharing[-_]* sharedaddy sd-* addtoany* addthis* a2a* social socials social[-_]* *[-_]social "
        "*[-_]socials *[-_]social[-_]* heateor* ssba* shareaholic* mashsb* essb_* *reaction *reactions"
    ),
    "author": (
        "*author-box* *authorbox* *author_box* *author-bio* *author-info* *author-card* *author-desc* "
        "*author-about* *author-profile* *author-area* about-author* about-the-author* saboxplugin* "
        "pp-multiple-authors* molongui*"
    ),
    "navigation": (
        "nav navbar* *navigation* navlinks nav-link nav-links nav-previous nav-next pagination* *[-_]pagination* "
        "page-link page-links page-nav* breadcrumb* *[-_]breadcrumb* menu menus menu[-_]* menus[-_]* *[-_]menu "
        "*[-_]menus *[-_]menu[-_]* skip-link* post-nav* lwptoc* ez-toc* toc_container* rank-math-toc* "
        "wp-block-table-of-contents*"
    ),
    "newsletter": "*newsletter* *subscribe* *subscription* mc4wp* *signup* *sign-up*",
    "tags": (
        "tag tags tag-links tags-links taglinks *post-tag *post-tags *post_tags entry-tag entry-tags tagcloud* "
        "wp-block-post-terms cat-links *tag-list *taglist *[-_]tags *[-_]category *[-_]categories post-taxonomies"
    ),
    "meta": (
        "entry-meta* entrymeta* post-meta* post_meta* postmeta* entry-footer post-footer byline bylines posted-on "
        "posted-by post-date* post_date* postdate* meta-info metainfo meta-data metadata jeg_post_meta* "
        "wp-block-post-date* wp-block-post-author* gmr-metacontent* reading-time* readingtime* *post-views* "
        "*postviews* td-post-date* td-post-author*"
    ),
    "caption": (
        "wp-caption-text* *caption-text *captiontext caption captions wp-element-caption img-caption* "
        "image-caption* photo-caption* foto-caption* featured-caption* media-caption* figure-caption* "
        "thumb*-caption* *[-_]caption"
    ),
    "embed": (
        "twitter-* instagram-* tiktok-* fb-post* fb-video* wp-block-embed* *embed-container* *embedcontainer* "
        "*[-_]embed embed text-post-media bluesky-* reddit-* *video-container* *videocontainer* *video-wrap* "
        "*jwplayer*"
    ),
    "sidebar": "sidebar* *[-_]sidebar widget widgets widget[-_]*",
    "popup": "*popup* *modal* *cookie* *consent* *gdpr*",
    "promo": "*promo* cta *[-_]cta google-news* googlenews* gnews*",
    "hidden": "screen-reader-text sr-only visually-hidden hidden",
}

BODY = (
    "entry-content entrycontent entry_content post-content postcontent post_content td-post-content post-body "
    "postbody post_body article-content articlecontent article_content article-body articlebody article_body "
    "article-text single-content singlecontent single_content content-inner content-article content-single "
    "content-body entry-content-single inner-post-entry the-content thecontent wp-block-post-content post-entry "
    "postentry story-body storybody story-content tdb-block-inner entry-body entry-inner "
    "elementor-widget-theme-post-content g1-content-narrow detail-text detail_text detailtext detail-content "
    "detail-body read-content isi-berita isi-artikel isiberita news-content news-text news-body penci-entry-content"
)

# Names of what may hold a field: a name, a date, a section, tags.
MARKS = (
    "*author* *byline* *penulis* *reporter* *editor* *redak* *jurnalis* *date* *time* *publish* *posted* *vcard* "
    "*title* *headline* *categor* *tag* *breadcrumb* *label* *kanal* *rubrik* fn cat cat-*"
)

# The class of an article's card in a list: WordPress' own, and the words that themes build theirs of.
CARDS = (
    "post hentry wp-block-post jeg_post td_module* type-post *post-item* *news-item* *article-item* *entry-item* "
    "*post-card* *news-card* *article-card* *entry-card* *post-box* *news-box* *article-box* *post-list* "
    "*news-list* *article-list* *entry-list* *post-loop* *entry-loop* *article-loop* *news-loop*"
)


class Globs:
    """Words written as in a shell: `*` stands for any characters, `[-_]` for one of these.

    Most classes are none of them; so they are told apart by what they are, begin with, end with or hold, which costs a
    tenth of one regular expression of them all.
    """

    def __init__(self, words: str) -> None:
        globs = {glob for word in words.split() for glob in spelled(word)}
        inner = {glob for glob in globs if "*" in glob.strip("*")}
        self._exact = {glob for glob in globs if "*" not in glob}
        self._starts = tuple(glob[:-1] for glob in globs - inner if glob.endswith("*") and not glob.startswith("*"))
        self._ends = tuple(glob[1:] for glob in globs - inner if glob.startswith("*") and not glob.endswith("*"))
        held = sorted(glob.strip("*") for glob in globs - inner if glob.startswith("*") and glob.endswith("*"))
        self._holds = re.compile("|".join([*map(re.escape, held), *(f"^{translate(glob)}" for glob in sorted(inner))]))
        self._never = not held and not inner

    def __contains__(self, word: str) -> bool:
        return (
            word in self._exact
            or word.startswith(self._starts)
            or word.endswith(self._ends)
            or (not self._never and self._holds.search(word) is not None)
        )


def spelled(glob: str) -> list[str]:
    """A glob with each of its `[-_]` written out."""
    head, found, tail = glob.partition("[-_]")
    return [f"{head}{joint}{rest}" for rest in spelled(tail) for joint in "-_"] if found else [glob]


_REGIONS = {name: Globs(words) for name, words in REGIONS.items()}
_ANY_REGION = Globs(" ".join(REGIONS.values()))
_BODY, _MARK, _CARD = Globs(BODY), Globs(MARKS), Globs(CARDS)
# A class may tell what a wrapper has, or lacks: `has-sidebar`, `content-with-related`, `ad-free`.
_STATE = re.compile(
    r"(?:.*[-_])?(?:has|with|without)[-_].*|(?:is|no|non|not)[-_].*|.*[-_](?:free|none|enabled|disabled)", re.IGNORECASE
)

LONGEST = 80
# These hold the page or the article; their classes speak of the whole.
WHOLE = frozenset({"html", "body", "main", "article"})
TAG_REGIONS = {"nav": "navigation", "aside": "sidebar", "footer": "footer", "form": "form", "figcaption": "caption"}


class Role(NamedTuple):
    """What the names of an element say of it."""

    region: str | None
    """Name of the rule that keeps its text out of the body; None where it may be the article's."""
    body: bool
    """Whether it is named like the container of an article's text."""
    mark: bool
    """Whether it may hold a field: a name, a date, a section."""
    card: bool
    """Whether it is named like an article's card in a list."""


class Word(NamedTuple):
    """What one class or id says."""

    region: str | None
    body: bool
    mark: bool
    card: bool


NO_NUMBER = re.compile(r"[-_]?\d+$")


@lru_cache(maxsize=100_000)
def judged(word: str) -> Word:
    """What a class or id says, without the number at its end (`menu-item-1254`)."""
    word = word.lower()
    region = None
    if word in _ANY_REGION and word != "wp-caption" and not _STATE.fullmatch(word):
        region = next(name for name, globs in _REGIONS.items() if word in globs)
    return Word(region, word in _BODY, word in _MARK, word in _CARD)


@lru_cache(maxsize=50_000)
def role(tag: str, names: str) -> Role:
    """The role of an element by its tag and its class and id, separated by white space."""
    # A class made of data has no end; a name has.
    words = [judged(NO_NUMBER.sub("", word)) for word in names.split() if len(word) <= LONGEST]
    body = any(word.body for word in words)
    region = None if tag in WHOLE else next((word.region for word in words if word.region), None)
    mark = tag != "article" and "hentry" not in names and any(word.mark for word in words)
    card = tag == "article" or any(word.card for word in words)
    return Role(None if body else region or TAG_REGIONS.get(tag), body, mark, card)
