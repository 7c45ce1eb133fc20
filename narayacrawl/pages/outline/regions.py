"""Classify an element by its class and id: which region it opens, whether it holds the article's text or a field.

Each class name or id is looked up once and cached: a portal uses the same few hundred for years. The names are those of
WordPress core, of the most used themes and plugins, and of English and Indonesian words; none belongs to a single
portal.
"""

import re
from collections.abc import Iterable, Mapping
from fnmatch import translate
from functools import lru_cache
from typing import Any, Final, NamedTuple

REGION_GLOBS = {
    "comments": "comment comments comment[-_]* comments[-_]* *[-_]comments commentlist respond disqus* wpdiscuz* wpd-*",
    "ad": (
        "ad ads ad[-_]* ads[-_]* *[-_]ad *[-_]ads adby* adsby* advert* *advertis* iklan* *[-_]iklan e3lan* *banner* "
        "dfp* *adsense* stream-item* a-wrap* promotionspace* sponsor* google-auto-placed code-block "
        "code-block-[0-9]* ai-viewport* jeg_ad* td-a-rec* quads-* mgid* taboola* outbrain*"
    ),
    "related": (
        "*related* *baca-juga* *bacajuga* *read-also* *readalso* *also-read* yarpp* *recommend* *you-may* "
        "*you-might* *youmay* *terkait* *lihat-juga* *simak-juga* rp4wp* crp_* bs-irp* *trending* *popular* *populer* "
        "*latest-posts* *latest-news* more-from* more-stories* more-news* more-posts* *up-next* *recirc*"
    ),
    "share": (
        "share shares sharer sharing share[-_]* sharing[-_]* *[-_]share *[-_]shares *[-_]sharing *[-_]share[-_]* "
        "*[-_]sharing[-_]* *[-_]soc[-_]list* *[-_]soc[-_]wrap* sharedaddy sd-* addtoany* addthis* a2a* social "
        "socials social[-_]* *[-_]social *[-_]socials *[-_]social[-_]* heateor* ssba* shareaholic* mashsb* essb_* "
        "shariff* swp_* *reaction *reactions reaction[-_]* reactions[-_]* *[-_]reactions[-_]* wpra-* post-ratings* "
        "kk-star-ratings* kksr-* print-button* print-link* *printfriendly* pf-button* print-icon* wp-print*"
    ),
    "author": (
        "*author-box* *authorbox* *author_box* *author-bio* *author-info* *author-card* *author-desc* "
        "*author-about* *author-block* *author-profile* *author-area* about-author* about-the-author* saboxplugin* "
        "abh_* starbox* pp-multiple-authors* molongui*"
    ),
    "navigation": (
        "nav navbar* *navigation* navlinks nav-link nav-links nav-previous nav-next pagination* *[-_]pagination* "
        "page-link page-links page-nav* breadcrumb* *[-_]breadcrumb* menu menus menu[-_]* menus[-_]* *[-_]menu "
        "*[-_]menus *[-_]menu[-_]* skip-link* post-nav* lwptoc* ez-toc* toc_container* rank-math-toc* "
        "simpletoc* *table-of-content* *tableofcontent* elementor-toc*"
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
        "*postviews* post-modified* last-modified* td-post-date* td-post-author*"
    ),
    "caption": (
        "wp-caption-text* *caption-text* *captiontext* caption captions wp-element-caption img-caption* "
        "image-caption* imagecaption* photo-caption* foto-caption* featured-caption* media-caption* figure-caption* "
        "thumb*-caption* *[-_]caption *ket-foto* *ketfoto* *ket_foto* *keterangan-foto* *keterangan-gambar*"
    ),
    "embed": (
        "twitter-* instagram-* tiktok-* fb-post* fb-video* wp-block-embed* *embed-container* *embedcontainer* "
        "*[-_]embed embed text-post-media bluesky-* reddit-* *video-container* *videocontainer* *video-wrap* "
        "*jwplayer* *audio-player* *audioplayer* trinity-* *[-_]player player *speech* *readaloud* *read-aloud* "
        "*listen-to* *listentoarticle* *voice-over* lyte* embed[-_]* *[-_]embed[-_]* oembed*"
    ),
    "sidebar": "sidebar* *[-_]sidebar widget widgets widget[-_]*",
    "popup": "*popup* *pop-up* *modal* *cookie* *consent* *gdpr*",
    "promo": "*promo* cta *[-_]cta google-news* googlenews* gnews* *disclaimer* *disclosure* wp-block-button*",
    "hidden": "screen-reader-text sr-only visually-hidden hidden hide *noscript",
}

BODY_GLOBS = (
    "entry-content entrycontent entry_content post-content postcontent post_content td-post-content post-body "
    "postbody post_body article-content articlecontent article_content article-body articlebody article_body "
    "article-text single-content singlecontent single_content content-inner content-article content-single "
    "content-body entry-content-single inner-post-entry the-content thecontent wp-block-post-content post-entry "
    "postentry story-body storybody story-content tdb-block-inner entry-body entry-inner "
    "elementor-widget-theme-post-content et_pb_post_content g1-content-narrow detail-text detail_text detailtext "
    "detail-content detail-body read-content isi-berita isi-artikel isiberita news-content news-text news-body "
    "penci-entry-content"
)

# Names of elements that may hold a field: a name, a date, a section, tags.
FIELD_GLOBS = (
    "*author* *byline* *penulis* *reporter* *editor* *redak* *jurnalis* *date* *time* *publish* *posted* "
    "*tanggal* *waktu* *vcard* *title* *headline* *categor* *tag* *crumb* remah *label* *kanal* *rubrik* fn cat cats "
    "cat-* *[-_]cat *[-_]cats *[-_]cat[-_]* site-name"
)

# Classes of an article's card in a list: WordPress' own, and the words that themes compose theirs from.
CARD_GLOBS = (
    "post hentry wp-block-post jeg_post td_module* type-post *post-item* *news-item* *article-item* *entry-item* "
    "*post-card* *news-card* *article-card* *entry-card* *post-box* *news-box* *article-box* *post-list* "
    "*news-list* *article-list* *entry-list* *post-loop* *entry-loop* *article-loop* *news-loop*"
)

# Regions that inline elements may open.
INLINE_REGIONS = frozenset({"hidden", "caption", "share"})
# Regions that hold no field of an article: skipped where they are a small part of the page's text.
SKIPPED_REGIONS = frozenset({"share", "popup", "newsletter", "form", "footer", "embed"})
# A container with a body's name stays part of these: a comment's `comment-content`, a card's `entry-content`.
NO_BODY_REGIONS = frozenset({"comments", "related", "sidebar", "ad", "navigation"})
# Skipped however long; related lines are read for their links.
ALWAYS_SKIPPED = NO_BODY_REGIONS - {"related"}


class Glob(NamedTuple):
    """One glob. `literal` is its text without stars; `at_end` tells if it must end a name."""

    literal: str
    at_end: bool
    pattern: re.Pattern[str] | None
    """The whole glob as a pattern, if a star stands inside it."""
    label: str


class GlobMatcher:
    """Match class names against the shell globs of several labels: `*` stands for any characters, `[-_]` for one of
    these.

    Most names match nothing, and a new theme brings thousands: one expression finds where any glob's text stands, and
    only the globs with the three letters there are tried.
    """

    def __init__(self, labels: dict[str, str]) -> None:
        self._exact: dict[str, list[str]] = {}
        at_start: dict[str, list[Glob]] = {}
        anywhere: dict[str, list[Glob]] = {}
        for label, words in labels.items():
            for glob in dict.fromkeys(glob for word in words.split() for glob in expand_separators(word)):
                if "*" not in glob:
                    self._exact.setdefault(glob, []).append(label)
                    continue
                literal, star, _ = glob.strip("*").partition("*")
                pattern = re.compile(translate(glob)) if star else None
                entry = Glob(literal, not glob.endswith("*") and pattern is None, pattern, label)
                (anywhere if glob.startswith("*") else at_start).setdefault(literal[:3], []).append(entry)
        self._at_start, self._anywhere = at_start, anywhere
        self._find = any_of(glob.literal for globs in anywhere.values() for glob in globs).search

    def labels(self, name: str) -> set[str]:
        """Return the labels whose globs match a name."""
        found = set(self._exact.get(name, ()))
        for literal, at_end, pattern, label in self._at_start.get(name[:3], ()):
            if name.startswith(literal) and (not at_end or name == literal) and (not pattern or pattern.match(name)):
                found.add(label)
        place = self._find(name)
        while place is not None:
            start = place.start()
            for literal, at_end, pattern, label in self._anywhere[name[start : start + 3]]:
                if (
                    name.startswith(literal, start)
                    and (not at_end or start + len(literal) == len(name))
                    and (pattern is None or pattern.match(name))
                ):
                    found.add(label)
            place = self._find(name, start + 1)
        return found


def any_of(texts: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern that finds where one of these texts begins: each letter of theirs is looked at once."""
    tree: dict[str, Any] = {}
    for text in texts:
        node = tree
        for letter in text:
            node = node.setdefault(letter, {})
        node[""] = {}  # the text ends here

    def pattern_of(node: dict[str, Any]) -> str:
        branches = [] if "" in node else [re.escape(letter) + pattern_of(rest) for letter, rest in node.items()]
        return f"(?:{'|'.join(branches)})" if len(branches) > 1 else "".join(branches)

    return re.compile(pattern_of(tree))


def expand_separators(glob: str) -> list[str]:
    """Write out each `[-_]` of a glob."""
    head, found, tail = glob.partition("[-_]")
    return [f"{head}{separator}{rest}" for rest in expand_separators(tail) for separator in "-_"] if found else [glob]


_MATCHER = GlobMatcher(REGION_GLOBS | {"body of an article": BODY_GLOBS, "field": FIELD_GLOBS, "card": CARD_GLOBS})
# A class that says what a wrapper has or lacks: `has-sidebar`, `content-with-related`, `ad-free`.
STATE_CLASS = re.compile(
    r"(?:.*[-_])?(?:has|with|without)[-_].*|(?:is|no|non|not)[-_].*|.*[-_](?:free|none|enabled|disabled)", re.IGNORECASE
)

HIDING_STYLE = re.compile(
    r"(?:^|;)\s{0,9}(?:display\s{0,9}:\s{0,9}none|visibility\s{0,9}:\s{0,9}hidden)\b", re.IGNORECASE
)
# Hidden on small screens only (Tailwind): `hidden md:block`.
SHOWN_AGAIN = re.compile(
    r"(?:^|\s)[\w-]{1,9}:(?:block|flex|grid|inline|table|contents|inline-block|inline-flex)(?:$|\s)"
)

# Blogger's widget of the posts, beside those of its sidebar.
BLOGGER_POSTS = re.compile(r"(?:^|\s)widget Blog(?:\s|$)")

# A longer name, or a longer class attribute, is made of data.
MAX_NAME_LENGTH, MAX_CLASS_LENGTH = 80, 1000
# These wrap the page or the article, as do elements with the classes of post_class() (WordPress 2.7): their classes
# name the post's sections and tags.
WRAPPER_TAGS = frozenset({"html", "body", "main", "article"})
POST_CLASS = re.compile(r"(?:^|\s)(?:hentry|type-post|post-\d+)(?:\s|$)")
CERTAIN_POST_CLASS = re.compile(r"(?:^|\s)(?:hentry|type-post)(?:\s|$)")
TAG_REGIONS = {"nav": "navigation", "aside": "sidebar", "footer": "footer", "form": "form", "figcaption": "caption"}


class Classification(NamedTuple):
    """What an element is, by its tag, class and id."""

    region: str | None
    """Name of the rule that keeps its text out of the body; None if it may be article text."""
    is_body: bool
    """True if it is named like the container of an article's text."""
    is_field: bool
    """True if it may hold a field: a name, a date, a section."""
    is_card: bool
    """True if it is named like an article's card in a list."""
    is_post: bool
    """True if it has the classes of a post: WordPress' post_class()."""


class NameMeaning(NamedTuple):
    """What one class name or id means."""

    region: str | None
    is_body: bool
    is_field: bool
    is_card: bool


NO_MEANING = NameMeaning(None, is_body=False, is_field=False, is_card=False)
TRAILING_NUMBER = re.compile(r"(?:[-_]|(?<!\d))\d+$")


@lru_cache(maxsize=100_000)
def classify_name(name: str) -> NameMeaning:
    """Classify one class name or id, without the number at its end (`menu-item-1254`)."""
    name = name.lower().replace("__", "-")  # as BEM writes a part of a component: `article__content`
    labels = _MATCHER.labels(name)
    if not labels and "--" in name:  # and a variant of it: `entry-content--wide`
        labels = _MATCHER.labels(name.partition("--")[0])
    if not labels:
        return NO_MEANING
    region = next((rule for rule in REGION_GLOBS if rule in labels), None)
    if region and (name == "wp-caption" or STATE_CLASS.fullmatch(name)):
        region = None
    return NameMeaning(region, "body of an article" in labels, "field" in labels, "card" in labels)


@lru_cache(maxsize=50_000)
def classify(tag: str, class_and_id: str) -> Classification:
    """Classify an element by its tag and its class and id, separated by white space."""
    region: str | None = None
    has_meaning = is_body = is_field = is_card = False
    for name in class_and_id.split():
        if len(name) <= MAX_NAME_LENGTH:
            meaning = classify_name(TRAILING_NUMBER.sub("", name) if name[-1].isdigit() else name)
            if meaning is not NO_MEANING:
                has_meaning = True
                region = region or meaning.region
                is_body, is_field, is_card = (
                    is_body or meaning.is_body,
                    is_field or meaning.is_field,
                    is_card or meaning.is_card,
                )
    may_be_post = "post" in class_and_id or "hentry" in class_and_id
    if not has_meaning:
        by_tag = TAG_CLASSIFICATIONS.get(tag, UNCLASSIFIED)
        return by_tag._replace(is_post=True) if may_be_post and POST_CLASS.search(class_and_id) else by_tag
    if region == "hidden" and ":" in class_and_id and SHOWN_AGAIN.search(class_and_id):
        region = None
    if region == "sidebar" and BLOGGER_POSTS.search(class_and_id):
        region = None
    # A plugin may write the post's id on an element about it: `post-views post-31`.
    post_class = CERTAIN_POST_CLASS if region == "meta" else POST_CLASS
    is_post = may_be_post and post_class.search(class_and_id) is not None
    is_wrapper = is_post or tag in WRAPPER_TAGS
    region = None if is_body else (None if is_wrapper else region) or TAG_REGIONS.get(tag)
    return Classification(region, is_body, is_field and not is_wrapper, is_card or tag == "article", is_post)


UNCLASSIFIED: Final = Classification(None, is_body=False, is_field=False, is_card=False, is_post=False)
HIDDEN: Final = UNCLASSIFIED._replace(region="hidden")
TAG_CLASSIFICATIONS = {tag: UNCLASSIFIED._replace(region=region) for tag, region in TAG_REGIONS.items()}
TAG_CLASSIFICATIONS["article"] = UNCLASSIFIED._replace(is_card=True)


def is_hidden(attributes: Mapping[str, str]) -> bool:
    """True if an element says by its own attributes that no reader sees it: `hidden` (HTML Living Standard, 6.1),
    `display: none` or `visibility: hidden`."""
    if "hidden" in attributes:
        return True
    style = attributes.get("style", "").lower()
    return ("none" in style or "hidden" in style) and HIDING_STYLE.search(style) is not None
