"""Read and compare the addresses of a portal: one article has many, and only one is kept.

WordPress answers the same article under `?replytocom=`, `/amp/`, `/comment-page-2/`, with any tracking parameter, and
under `?p=ID`.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from w3lib.url import canonicalize_url, safe_url_string

TRACKING = re.compile(
    r"utm_\w+|fbclid|gclid|dclid|msclkid|yclid|igshid|mc_[ce]id|_ga|_gl|ref_src|replytocom|amp|noamp|share|nb|cpage|unapproved|moderation-hash|__cf_chl_\w+",
    re.IGNORECASE,
)
MAX_LENGTH = 8_000
"""RFC 9110, 4.1: no server need read a longer address, and none of a portal's own is."""
LONG, MAX_PARAMETERS = 500, 100
"""A long address of more parameters is none that a portal made."""
NO_ADDRESS = ("#", "javascript:", "data:", "mailto:", "tel:")
DUPLICATE_ENDING = re.compile(r"/(?:amp|comment-page-\d+)/?$", re.IGNORECASE)

# Path segments, file names and query variables of WordPress' own addresses that are no article
# (WP::$public_query_vars, rewrite rules).
NO_ARTICLE_PATH = re.compile(
    r"(?:^|/)(?:wp-(?:admin|content|includes|json|login|signup|cron)[^/]*|feed|rss2?|atom|rdf|comments|trackback|embed|xmlrpc\.php"
    r"|search|page/\d+)(?:/|$)|(?:^|/)(?:author|tag|category|kategori|topik|topic|attachment)/[^/]|^/(?:199\d|20\d\d)(?:/\d{1,2}){0,2}/?$|\.(?:jpe?g|png|gif|webp|avif|svg|pdf|mp[34]|zip|xml|txt|css|js|ico)$",
    re.IGNORECASE,
)
YEAR_PATH = re.compile(r"/(?:199[0-9]|20[0-9]{2})/?")
NUMBER_PATH = re.compile(r"/[0-9]+/?")
NO_ARTICLE_QUERY = frozenset(
    {"s", "cat", "tag", "author", "author_name", "category_name", "m", "year", "monthnum", "day", "paged", "feed"}
    | {"rest_route", "attachment_id", "page_id", "preview", "share", "action", "format"}
)


_SITE = r"https?://[a-z\d][a-z\d.-]*(?::[1-9]\d{0,3}|:[1-5]\d{4})?"
# An address that needs no parsing: absolute, or relative to a site's root.
PLAIN = re.compile(rf"{_SITE}/[\w%/.~?=&,;:+!*()$'@-]*", re.ASCII)
PLAIN_PATH = re.compile(r"/(?!/)[\w%/~-]*(?:\?[\w%/.~=&,;:+!*()$-]+)?", re.ASCII)
# An address with a single spelling, apart from AMP and comment pages, as most articles have.
CLEAN = re.compile(rf"(?!https://[^/]*:443/|http://[^/]*:80/){_SITE}/(?:[\w-][\w.-]*/)*(?:[\w-][\w.-]*)?", re.ASCII)
DEFAULT_PORTS = {"http": ":80", "https": ":443"}
USERINFO = re.compile(r"([^/?#]*//)[^/?#]*@")


def absolute(href: str | None, base: str) -> str | None:
    """Return the absolute address of a link on the page at `base`; None for an anchor of that page, a script, a mail
    address, what carries a user name or a password, and anything that is no valid http or https address or longer than
    `MAX_LENGTH`, or has more than `MAX_PARAMETERS`."""
    href = (href or "").strip()
    if len(href) > LONG and (len(href) > MAX_LENGTH or href.count("&") > MAX_PARAMETERS):
        return None
    if PLAIN.fullmatch(href):
        return href
    if "//" not in href and PLAIN_PATH.fullmatch(href) and (start := origin(base)):
        return f"{start}{href}"
    if not href or href.lower().startswith(NO_ADDRESS):
        return None
    try:
        url = href if href.startswith(("http://", "https://")) else urljoin(base, href)
        url.encode()  # JSON can hold half a surrogate pair
        parts = urlsplit(url)
        is_valid = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        is_valid = is_valid and "@" not in parts.netloc
        if is_valid:
            key(url)  # what its key cannot be made of, as of `http://[::1]a/`, nobody can ask for
    except ValueError:
        return None
    return url if is_valid else None


def without_userinfo(url: str) -> str:
    """Return an address without the user name and the password that stand in it."""
    match = USERINFO.match(url)
    return f"{match[1]}{url[match.end() :]}" if match else url


@lru_cache(maxsize=100)
def origin(url: str) -> str | None:
    """Return scheme and host of a valid http or https address, as written; None for anything else."""
    match = re.match(rf"{_SITE}(?=/)", url, re.ASCII)
    return match[0] if match else None


def is_clean(url: str) -> bool:
    """True if `clean_url` would return an address unchanged, by its characters alone."""
    return CLEAN.fullmatch(url) is not None and DUPLICATE_ENDING.search(url) is None


def clean_url(url: str) -> str:
    """Return an address without fragment, default port, tracking parameters and the endings of AMP and comment pages;
    the rest stays as it is."""
    if is_clean(url):
        return url
    parts = urlsplit(safe_url_string(url.strip()))
    query = parts.query
    if query:
        pairs = parse_qsl(query, keep_blank_values=True)
        kept = [(k, v) for k, v in pairs if not TRACKING.fullmatch(k)]
        if len(kept) != len(pairs):
            query = urlencode(kept)
    path = DUPLICATE_ENDING.sub("/", parts.path) if parts.path else "/"
    scheme = parts.scheme.lower()
    netloc = parts.netloc.lower().removesuffix(DEFAULT_PORTS.get(scheme, ":"))
    return urlunsplit((scheme, netloc, path, query, ""))


def same_site(url: str, base: str) -> bool:
    """True if two addresses belong to one portal: the same host apart from `www.`, with any scheme."""
    start = origin(base)
    return (start is not None and url.startswith(f"{start}/")) or site(url) == site(base)


def site(url: str) -> str:
    """Return host and port of an address, in lower case, without `www.` and the scheme's default port."""
    return _site(urlsplit(url).netloc)


@lru_cache(maxsize=1_000)
def _site(netloc: str) -> str:
    parts = urlsplit(f"//{netloc}")
    host = (parts.hostname or "").removeprefix("www.")
    try:
        port = parts.port
    except ValueError:
        port = None
    return host if port in (None, 80, 443) else f"{host}:{port}"


def moved(url: str, base: str) -> str:
    """Return an address with the scheme and host of `base`, as a mirror answers it."""
    parts = urlsplit(base)
    return urlsplit(url)._replace(scheme=parts.scheme, netloc=parts.netloc).geturl()


def may_be_article(url: str) -> bool:
    """True if WordPress could answer an article at this address: it is no archive, feed, search, upload or part of the
    system."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or NO_ARTICLE_PATH.search(parts.path):
        return False
    names = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)} if parts.query else set()
    if names & NO_ARTICLE_QUERY or any(name.startswith("query-") for name in names):
        return False
    return parts.path.strip("/") not in ("", "index.php") or bool(names & {"p", "post_type", "name"})


def may_be_numbered(url: str) -> bool:
    """True if an address may be a year's archive or, under permalinks of post ids, an article: `/1998/`. Links to it
    tell which."""
    parts = urlsplit(url)
    return not parts.query and YEAR_PATH.fullmatch(parts.path) is not None


def are_numbered(urls: Iterable[str]) -> bool:
    """True if most of these addresses are a number, as under permalinks of post ids."""
    paths = [urlsplit(url).path for url in urls]
    return 2 * sum(NUMBER_PATH.fullmatch(path) is not None for path in paths) > len(paths)


@lru_cache(maxsize=10_000)
def key(url: str) -> str:
    """Return the key that all spellings of one address share: order of parameters, trailing slash, scheme and `www.` do
    not count."""
    if is_clean(url):
        _, _, netloc, path = url.split("/", 3)
        return f"{_site(netloc)}{f'/{path}'.rstrip('/')}?"
    clean = clean_url(url)
    parts = urlsplit(canonicalize_url(clean))
    return f"{site(clean)}{parts.path.rstrip('/')}?{parts.query}"


def path_key(url: str) -> str:
    """Return the part of an address' key behind the host: a mirror answers the same under another."""
    return key(url).removeprefix(site(url))
