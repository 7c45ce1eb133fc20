"""Show the content of a portal's articles: as records, as HTML for pages, API and feeds, as entries of lists and cards.

What pages, REST API, feeds and sitemaps share stands here and in `published.py`.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from benchmarks.articles import SECTIONS, SITE_NAME, Article, Block, Texts, display_date
from benchmarks.published import PublishedArticles
from benchmarks.themes import AD, Values


class Content:
    """The content of the published articles of a portal at `site`, which has no slash at its end."""

    def __init__(self, site: str, published: PublishedArticles) -> None:
        self.site, self.published = site, published
        self.texts = Texts()
        self.card_values = lru_cache(maxsize=5_000)(self.entry_values)
        """`entry_values`, cached for the cards of other articles that every page shows."""

    def record(self, number: int) -> dict[str, Any]:
        """Return what a crawl's record of an article must contain: `id`, `url`, `title`, `date`, `modified`, `authors`,
        `section`, `tags`, `dateline`, `body`."""
        article = self.published.article(number)
        dateline, blocks = self.texts.blocks(article)
        return {
            "url": f"{self.site}{article.path}",
            "id": article.id,
            "title": article.title,
            "date": article.date.isoformat(),
            "modified": article.edited.isoformat() if article.edited else None,
            "authors": [article.author],
            "section": SECTIONS[article.section],
            "tags": [*article.tags],
            "dateline": dateline,
            "body": "\n\n".join(block.text for block in blocks if block.text),
        }

    def caption(self, article: Article) -> str:
        """Return the caption of the article's image."""
        return f"Suasana di {article.title.split(' ', 2)[2]}. (Foto: {article.author}/{SITE_NAME})"

    def excerpt(self, article: Article) -> str:
        """Return the article's summary."""
        return f"{article.title} menjadi perhatian warga pekan ini, demikian laporan {article.number}."

    def html(self, article: Article) -> str:
        """Return the HTML of an article's text: `the_content()`, which API and feeds give, too."""
        return "\n\n".join(self._html_blocks(article, *self.texts.blocks(article)))

    def _html_blocks(self, article: Article, dateline: str, blocks: list[Block]) -> Iterator[str]:
        """Yield the text as the block editor prints it, with what editors and plugins insert between paragraphs."""
        items: list[str] = []
        for position, (kind, html, _) in enumerate(blocks):
            if items and kind != "li":
                yield f'<ul class="wp-block-list">{"".join(items)}</ul>'
                items = []
            if kind == "related":
                other = self.card_values(int(html))
                url, title = other[b"url"].decode(), other[b"title"].decode()
                yield f'<p><strong>BACA JUGA: <a href="{url}">{title}</a></strong></p>'
            elif kind == "li":
                items.append(f"<li>{html}</li>")
            elif kind == "h2":
                yield f'<h2 class="wp-block-heading">{html}</h2>'
            elif kind == "blockquote":
                yield f'<blockquote class="wp-block-quote is-layout-flow"><p>{html}</p></blockquote>'
            else:
                yield f"<p><strong>{dateline}</strong> – {html}</p>" if position == 0 else f"<p>{html}</p>"
            if position == 4:
                yield f"<div class='code-block code-block-2' style='margin: 8px auto; text-align: center;'>{AD}</div>"
            if position == 7 and article.number % 3 == 0:
                address = f"{self.site}/wp-content/uploads/2025/12/lampiran-{article.id}"
                yield (
                    f'<figure class="wp-block-image size-large"><img loading="lazy" width="1024" height="576" '
                    f'src="{address}-1024x576.jpg" alt="" class="wp-image-{article.id}" '
                    f'srcset="{address}-1024x576.jpg 1024w, {address}-300x169.jpg 300w" />'
                    f'<figcaption class="wp-element-caption">Warga di tepian sungai. '
                    f"(Foto: Dok. Pengelola)</figcaption></figure>"
                )

    def entry_values(self, number: int) -> Values:
        """Return the values that an entry of a list or a card shows of an article."""
        article = self.published.article(number)
        return {
            b"id": b"%d" % article.id,
            b"url": f"{self.site}{article.path}".encode(),
            b"slug": article.slug.encode(),
            b"title": article.title.encode(),
            b"iso": article.date.isoformat().encode(),
            b"day": display_date(article.date).split(", ")[1].split(" |")[0].encode(),
            b"image": f"{self.site}/wp-content/uploads/2025/12/foto-{article.id}".encode(),
            b"section": article.section.encode(),
            b"section_name": SECTIONS[article.section].encode(),
            b"author": article.author.encode(),
            b"writer": article.author.lower().replace(" ", "-").encode(),
            b"excerpt": self.excerpt(article).encode(),
        }
