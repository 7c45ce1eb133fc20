"""`scrapy explain`: what of a page goes into which field, and which rule leaves out each other block."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from scrapy import Request, Spider
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import IgnoreRequest, UsageError
from scrapy.http import HtmlResponse, Response
from scrapy.settings import BaseSettings
from scrapy.spiderloader import get_spider_loader
from scrapy.utils.datatypes import SequenceExclude
from scrapy.utils.spider import spidercls_for_request
from twisted.python.failure import Failure

from narayacrawl.commands import crawl
from narayacrawl.downloader.fetch import fetched_at
from narayacrawl.explain import html_page, print_explanation
from narayacrawl.explain.page import NoAddressError, Page, explained, saved_page
from narayacrawl.monitors.outcome import FAILED, GOOD, INTERRUPTED, Outcome
from narayacrawl.replay.cache_storage import FixtureError
from narayacrawl.spiders.wordpress import WordpressSpider
from narayacrawl.urls import absolute

SETTINGS: Final = {
    # One page is asked for, once, and nothing is written.
    "RETRY_ENABLED": False,
    "FEEDS": {},
    "ITEM_PIPELINES": {},
    "ARCHIVE": "",
}
WEB: Final = ("http://", "https://")


class PageSpider(Spider):
    """Asks for one page with the settings of a portal's spider, and keeps its answer or why there is none."""

    name = "explain"
    read_by: type[Spider] = Spider

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url
        self.page: Page | None = None
        self.trouble = "no answer"

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        cls.read_by.update_settings(settings)

    async def start(self) -> AsyncIterator[Any]:
        # Redirects are followed, any other answer is told.
        meta = {"handle_httpstatus_list": SequenceExclude(range(300, 400))}
        yield Request(self.url, errback=self.failed, meta=meta)

    def parse(self, response: Response) -> None:
        if response.status != 200:
            self.trouble = f"status {response.status}"
        elif not isinstance(response, HtmlResponse):
            kind = (response.headers.get("Content-Type") or b"no content type").decode("latin-1")
            self.trouble = f"no HTML but {kind}"
        else:
            self.page = Page(response.text, response.url, fetched_at(response))

    def failed(self, failure: Failure) -> None:
        told = failure.getErrorMessage().partition("\n")[0]
        forbidden = isinstance(failure.value, IgnoreRequest)
        self.trouble = told if forbidden else f"not fetched ({type(failure.value).__name__}: {told})"


class Command(crawl.Command):
    """Show how one page is read: its fields and where each was found, its blocks and what happened to each.

    An explained page ends with status 0, an article or not; one that could not be fetched, or an output that could not
    be written, with 1.
    """

    log_level = "WARNING"

    def syntax(self) -> str:
        return "[options] <url or file>"

    def short_desc(self) -> str:
        return "Show what of a page goes into which field, and why the rest does not"

    def add_options(self, parser: ArgumentParser) -> None:
        ScrapyCommand.add_options(self, parser)
        parser.set_defaults(spargs=[], output=None, overwrite_output=None)  # there is no crawl to give them to
        parser.add_argument("--url", metavar="URL", help="address of a saved page; else the one that it names itself")
        parser.add_argument("--spider", metavar="NAME", help="read the page as this portal's spider does")
        parser.add_argument("--html", metavar="FILE", help="write the explanation as an HTML page, too")
        parser.add_argument("--all", action="store_true", help="list the blocks outside the body's container, too")

    def check(self, args: list[str], opts: Namespace) -> None:
        name = crawl.one_argument(args, "page")
        self.spider_class("", opts.spider)
        if opts.url and name.startswith(WEB):
            raise UsageError("--url is for a saved page")
        if not name.startswith(WEB) and not Path(name).is_file():
            raise UsageError(f"no such file: {name} (an address begins with https://)")
        for url in (opts.url, name if name.startswith(WEB) else None):
            if url is not None and absolute(url, "") is None:
                raise UsageError(f"no address: {url}")

    def execute(self, args: list[str], opts: Namespace) -> Outcome:
        try:
            page = self.page(args[0], opts)
        except FixtureError as error:
            return Outcome(FAILED, str(error))
        except NoAddressError as error:
            raise UsageError(str(error)) from error
        if isinstance(page, Outcome):
            return page
        spider_class = self.spider_class(page.url, opts.spider or page.spider)
        explanation = explained(page, spider_class)
        if opts.html:
            try:
                Path(opts.html).write_text(html_page(explanation, spider=spider_class.name), encoding="utf-8")
            except OSError as error:
                return Outcome(FAILED, f"{opts.html}: {error.strerror}")
            print(f"written to {opts.html}", file=sys.stderr)
        print_explanation(Console(highlight=False), explanation, spider=spider_class.name, all_blocks=opts.all)
        return Outcome(GOOD)

    def page(self, name: str, opts: Namespace) -> Page | Outcome:
        """The page of this address or file, or why there is none."""
        if not name.startswith(WEB):
            return saved_page(Path(name), opts.url)
        assert self.settings is not None
        read_by = self.spider_class(name, opts.spider)
        # At this priority: a spider's own settings would win over a lower one.
        self.settings.setdict(SETTINGS, priority="cmdline")
        crawler = self._create_crawler(type("PageSpider", (PageSpider,), {"read_by": read_by}))
        ended = self.crawl(crawler, {"url": name})
        assert isinstance(crawler.spider, PageSpider)
        if crawler.spider.page is not None:
            return crawler.spider.page
        return ended if ended.status == INTERRUPTED else Outcome(FAILED, f"{crawler.spider.trouble}: {name}")

    def spider_class(self, url: str, name: str | None) -> type[Spider]:
        """The spider of this name, else the one whose portal the address is of, else the one for any portal."""
        assert self.settings is not None
        loader = get_spider_loader(self.settings)
        if name is None:
            own: type[Spider] | None = spidercls_for_request(loader, Request(url), None) if url else None
            return own or WordpressSpider
        if name not in loader.list():
            raise UsageError(f"no spider {name!r}{crawl.suggestion(name, loader.list())}")
        return loader.load(name)
