"""Answer the feeds of a portal as WordPress does: RSS and Atom, ten entries a page, of all articles or of a section.

All feeds have the same validators, made from the portal's newest edit: a conditional request is answered with 304, even
for a page past the last; a deletion does not change them.
"""

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime

from benchmarks.answers import Answer, http_date, is_unchanged
from benchmarks.articles import SECTIONS, SITE_NAME, Article
from benchmarks.content import Content

PER_PAGE = 10
PATH = re.compile(r"/(?:category/([a-z]+)/)?feed/(?:(atom|rss2)/)?")
RSS, ATOM = b"application/rss+xml; charset=UTF-8", b"application/atom+xml; charset=UTF-8"
_START = '<?xml version="1.0" encoding="UTF-8"?>'
_RSS = (
    _START + '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom" '
    'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">\n<channel>\n<title>{title}</title>\n'
    '<atom:link href="{own}" rel="self" type="application/rss+xml" />\n<link>{site}</link>\n'
    "<description>Kabar tepian</description>\n<lastBuildDate>{built:%a, %d %b %Y %H:%M:%S +0000}</lastBuildDate>\n"
    "<language>id</language>\n<sy:updatePeriod>hourly</sy:updatePeriod>\n"
    "<generator>https://wordpress.org/?v=6.7.1</generator>\n{entries}</channel>\n</rss>\n"
)
_ITEM = (
    "<item>\n<title>{article.title}</title>\n<link>{site}{article.path}</link>\n"
    "<comments>{site}{article.path}#respond</comments>\n<dc:creator><![CDATA[{article.author}]]></dc:creator>\n"
    "<pubDate>{date:%a, %d %b %Y %H:%M:%S +0000}</pubDate>\n{terms}"
    '<guid isPermaLink="false">{site}/?p={article.id}</guid>\n<description><![CDATA[{excerpt}]]></description>\n'
    "<content:encoded><![CDATA[{content}]]></content:encoded>\n</item>\n"
)
_ATOM = (
    _START + '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="id">\n<title type="text">{title}</title>\n'
    '<updated>{built:%Y-%m-%dT%H:%M:%SZ}</updated>\n<link rel="alternate" type="text/html" href="{site}" />\n'
    '<id>{own}</id>\n<link rel="self" type="application/atom+xml" href="{own}" />\n'
    '<generator uri="https://wordpress.org/" version="6.7.1">WordPress</generator>\n{entries}</feed>\n'
)
_ENTRY = (
    '<entry>\n<author><name>{article.author}</name></author>\n<title type="html"><![CDATA[{article.title}]]></title>\n'
    '<link rel="alternate" type="text/html" href="{site}{article.path}" />\n<id>{site}/?p={article.id}</id>\n'
    "<updated>{modified:%Y-%m-%dT%H:%M:%SZ}</updated>\n<published>{date:%Y-%m-%dT%H:%M:%SZ}</published>\n{terms}"
    '<summary type="html"><![CDATA[{excerpt}]]></summary>\n'
    '<content type="html" xml:base="{site}{article.path}"><![CDATA[{content}]]></content>\n</entry>\n'
)


class Feeds:
    """The feeds of one portal."""

    def __init__(self, content: Content, sections: Collection[str]) -> None:
        self.content = content
        self.sections = sections

    def answer(self, path: str, query: Mapping[str, str], headers: Mapping[str, str]) -> Answer | None:
        """Return the feed at a path; None if there is none."""
        match = PATH.fullmatch(path)
        if not match or (match[1] is not None and match[1] not in self.sections):
            return None
        newest = self.content.published.last_modified()
        changed = http_date(newest)
        tag = f'"{hashlib.md5(changed.encode(), usedforsecurity=False).hexdigest()}"'
        validators = {"Last-Modified": changed, "ETag": tag}
        if is_unchanged(headers, tag, newest):
            return Answer(304, b"", b"", validators)
        section, is_atom = match[1], match[2] == "atom"
        page = max(1, int(query["paged"])) if query.get("paged", "").isdecimal() else 1
        listed = self.content.published.numbers(*([section] if section else ()))
        end = len(listed) - (page - 1) * PER_PAGE
        shown = [
            self.content.published.article(number) for number in listed[max(0, end - PER_PAGE) : max(0, end)][::-1]
        ]
        own_url = f"{self.content.site}{path}" + (f"?paged={page}" if page > 1 else "")
        title = f"{SECTIONS[section]} &#8211; {SITE_NAME}" if section else SITE_NAME
        built = max((article.modified for article in shown), default=newest)
        text = (_ATOM if is_atom else _RSS).format(
            title=title if shown else f"Halaman tidak ditemukan &#8211; {SITE_NAME}",
            own=own_url,
            site=self.content.site,
            built=_utc(built),
            entries="".join(self._entries(shown, is_atom=is_atom)),
        )
        return Answer(200 if shown else 404, ATOM if is_atom else RSS, text.encode(), validators)

    def _entries(self, articles: Iterable[Article], *, is_atom: bool) -> Iterable[str]:
        term = (
            f'<category scheme="{self.content.site}" term="{{}}" />'
            if is_atom
            else "<category><![CDATA[{}]]></category>"
        )
        for article in articles:
            yield (_ENTRY if is_atom else _ITEM).format(
                article=article,
                site=self.content.site,
                date=_utc(article.date),
                modified=_utc(article.modified),
                terms="".join(f"{term.format(name)}\n" for name in (SECTIONS[article.section], *article.tags)),
                excerpt=self.content.excerpt(article),
                content=self.content.html(article),
            )


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)
