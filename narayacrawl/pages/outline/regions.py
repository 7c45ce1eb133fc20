"""The names that themes and plugins give to the parts of a page: which are never the article's text, which hold it.

A class or id is judged word by word, once: the answers are cached, and a portal uses the same few hundred for years.
The words are those of WordPress core, of the themes and plugins most in use, and of English and Indonesian; none is
one portal's own.
"""

import re
from fnmatch import translate
from functools import lru_cache
from typing import Final, NamedTuple

REGIONS = {
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
        "kk-star-ratings* kksr-*"
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
        "thumb*-caption* *[-_]caption"
    ),
    "embed": (
        "twitter-* instagram-* tiktok-* fb-post* fb-video* wp-block-embed* *embed-container* *embedcontainer* "
        "*[-_]embed embed text-post-media bluesky-* reddit-* *video-container* *videocontainer* *video-wrap* "
        "*jwplayer* *audio-player* *audioplayer* trinity-*"
    ),
    "sidebar": "sidebar* *[-_]sidebar widget widgets widget[-_]*",
    "popup": "*popup* *pop-up* *modal* *cookie* *consent* *gdpr*",
    "promo": "*promo* cta *[-_]cta google-news* googlenews* gnews* *disclaimer* *disclosure* wp-block-button*",
    "hidden": "screen-reader-text sr-only visually-hidden hidden hide *noscript",
}

BODY = (
    "entry-content entrycontent entry_content post-content postcontent post_content td-post-content post-body "
    "postbody post_body article-content articlecontent article_content article-body articlebody article_body "
    "article-text single-content singlecontent single_content content-inner content-article content-single "
    "content-body entry-content-single inner-post-entry the-content thecontent wp-block-post-content post-entry "
    "postentry story-body storybody story-content tdb-block-inner entry-body entry-inner "
    "elementor-widget-theme-post-content et_pb_post_content g1-content-narrow detail-text detail_text detailtext "
    "detail-content detail-body read-content isi-berita isi-artikel isiberita news-content news-text news-body "
    "penci-entry-content"
)

# Names of what may hold a field: a name, a date, a section, tags.
MARKS = (
    "*author* *byline* *penulis* *reporter* *editor* *redak* *jurnalis* *date* *time* *publish* *posted* *vcard* "
    "*title* *headline* *categor* *tag* *breadcrumb* *label* *kanal* *rubrik* fn cat cats cat-* *[-_]cat *[-_]cats "
    "*[-_]cat[-_]* site-name"
)

# The class of an article's card in a list: WordPress' own, and the words that themes build theirs of.
CARDS = (
    "post hentry wp-block-post jeg_post td_module* type-post *post-item* *news-item* *article-item* *entry-item* "
    "*post-card* *news-card* *article-card* *entry-card* *post-box* *news-box* *article-box* *post-list* "
    "*news-list* *article-list* *entry-list* *post-loop* *entry-loop* *article-loop* *news-loop*"
)


class Found(NamedTuple):
    """A glob that begins with some three letters, `literal` without its stars: where in a word it counts, and for
    what."""

    literal: str
    at_start: bool
    at_end: bool
    pattern: re.Pattern[str] | None
    """The whole glob, where a star stands inside it."""
    label: str


class Globs:
    """Labels, each with its words as in a shell: `*` stands for any characters, `[-_]` for one of these.

    Every three letters of a word are looked up once, whatever the number of globs: most classes are none of them, and a
    new theme brings thousands.
    """

    def __init__(self, labels: dict[str, str]) -> None:
        self._exact: dict[str, list[str]] = {}
        self._holds: dict[str, list[Found]] = {}
        for label, words in labels.items():
            for glob in dict.fromkeys(glob for word in words.split() for glob in spelled(word)):
                if "*" not in glob:
                    self._exact.setdefault(glob, []).append(label)
                    continue
                literal, star, _ = glob.strip("*").partition("*")
                pattern = re.compile(translate(glob)) if star else None
                at_end = not glob.endswith("*") and pattern is None
                found = Found(literal, not glob.startswith("*"), at_end, pattern, label)
                self._holds.setdefault(literal[:3], []).append(found)

    def labels(self, word: str) -> set[str]:
        """The labels that have this word."""
        found = set(self._exact.get(word, ()))
        begun = self._holds.get
        for start in range(len(word) - 2):
            globs = begun(word[start : start + 3])
            if globs is None:
                continue
            for literal, at_start, at_end, pattern, label in globs:
                if (
                    (start == 0 or not at_start)
                    and word.startswith(literal, start)
                    and (not at_end or start + len(literal) == len(word))
                    and (pattern is None or pattern.match(word))
                ):
                    found.add(label)
        return found


def spelled(glob: str) -> list[str]:
    """A glob with each of its `[-_]` written out."""
    head, found, tail = glob.partition("[-_]")
    return [f"{head}{joint}{rest}" for rest in spelled(tail) for joint in "-_"] if found else [glob]


_NAMES = Globs(REGIONS | {"body of an article": BODY, "mark": MARKS, "card": CARDS})
# A class may tell what a wrapper has, or lacks: `has-sidebar`, `content-with-related`, `ad-free`.
_STATE = re.compile(
    r"(?:.*[-_])?(?:has|with|without)[-_].*|(?:is|no|non|not)[-_].*|.*[-_](?:free|none|enabled|disabled)", re.IGNORECASE
)

LONGEST = 80
# These hold the page or the article, as do elements with the classes of post_class() (WordPress 2.7): what they name is
# the post's sections and tags.
WHOLE = frozenset({"html", "body", "main", "article"})
POST = re.compile(r"(?:^|\s)(?:hentry|type-post|post-\d+)(?:\s|$)")
SURE_POST = re.compile(r"(?:^|\s)(?:hentry|type-post)(?:\s|$)")
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
    post: bool
    """Whether it has the classes of a post: WordPress' post_class()."""


class Word(NamedTuple):
    """What one class or id says."""

    region: str | None
    body: bool
    mark: bool
    card: bool


NOTHING = Word(None, body=False, mark=False, card=False)
NO_NUMBER = re.compile(r"(?:[-_]|(?<!\d))\d+$")


@lru_cache(maxsize=100_000)
def judged(word: str) -> Word:
    """What a class or id says, without the number at its end (`menu-item-1254`)."""
    word = word.lower()
    labels = _NAMES.labels(word)
    if not labels:
        return NOTHING
    region = next((name for name in REGIONS if name in labels), None)
    if region and (word == "wp-caption" or _STATE.fullmatch(word)):
        region = None
    return Word(region, "body of an article" in labels, "mark" in labels, "card" in labels)


@lru_cache(maxsize=50_000)
def role(tag: str, names: str) -> Role:
    """The role of an element by its tag and its class and id, separated by white space."""
    telling = []
    for word in names.split():
        if len(word) <= LONGEST:  # a class made of data has no end; a name has
            found = judged(NO_NUMBER.sub("", word) if word[-1].isdigit() else word)
            if found is not NOTHING:
                telling.append(found)
    if not telling:
        bare = BARE.get(tag, NO_ROLE)
        return bare._replace(post=True) if POST.search(names) else bare
    body = any(word.body for word in telling)
    region = next((word.region for word in telling if word.region), None)
    # A plugin may write the post's number on what it says of it: `post-views post-31`.
    post = (SURE_POST if region == "meta" else POST).search(names) is not None
    whole = post or tag in WHOLE
    region = None if whole else region
    mark = not whole and any(word.mark for word in telling)
    card = tag == "article" or any(word.card for word in telling)
    return Role(None if body else region or TAG_REGIONS.get(tag), body, mark, card, post)


NO_ROLE: Final = Role(None, body=False, mark=False, card=False, post=False)
BARE = {tag: NO_ROLE._replace(region=region) for tag, region in TAG_REGIONS.items()}
BARE["article"] = NO_ROLE._replace(card=True)
