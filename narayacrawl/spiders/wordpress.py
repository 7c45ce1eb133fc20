"""Any WordPress news portal: `scrapy crawl wordpress -a url=https://…`."""

from typing import Any

from narayacrawl.urls import site
from narayacrawl.wordpress import WordPressSpider
from narayacrawl.wordpress.arguments import Arguments


class WordpressSpider(WordPressSpider):
    name = "wordpress"

    @classmethod
    def parse_arguments(cls, arguments: dict[str, Any]) -> Arguments:
        given = super().parse_arguments(arguments)
        if given.url is None and not given.urls:
            raise ValueError("url is missing: -a url=https://portal.example/")
        return given

    @property
    def portal(self) -> str:
        return site(self.start_urls[0])
