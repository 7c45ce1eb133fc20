"""`scrapy explain`: what of a page goes into which field, and which rule leaves out each other block."""

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Final

from scrapy import Request, Spider
from scrapy.exceptions import UsageError
from scrapy.utils.spider import spidercls_for_request

from narayacrawl.commands import crawl, usage
from narayacrawl.commands.portal_names import host_of, spider_at
from narayacrawl.monitors.outcome import FAILED, GOOD, INTERRUPTED, Outcome

SETTINGS: Final = {
    # One page is asked for, once, and nothing is written.
    "RETRY_ENABLED": False,
    "FEEDS": {},
    "ITEM_PIPELINES": {},
    "ARCHIVE": "",
}
WEB: Final = ("http://", "https://")


class Command(crawl.Command):
    """Show how one page is read: its fields and where each was found, its blocks and what happened to each.

    An explained page ends with status 0, an article or not; one that could not be fetched, or an output that could not
    be written, with 1.
    """

    log_level = "WARNING"
    has_crawl_options = False

    def syntax(self) -> str:
        return "[options] <url or file>"

    def short_desc(self) -> str:
        return "Show what of a page goes into which field, and why the rest does not"

    def add_options(self, parser: ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--url", metavar="URL", help="address of a saved page; else the one that it names itself")
        parser.add_argument("--spider", metavar="NAME", help="read the page as this portal's spider does")
        parser.add_argument("--html", metavar="FILE", help="write the explanation as an HTML page, too")
        parser.add_argument("--all", action="store_true", help="list the blocks outside the body's container, too")

    def check(self, args: list[str], opts: Namespace) -> None:
        from narayacrawl.downloader.address_rule import NO_CREDENTIALS
        from narayacrawl.urls import USERINFO, absolute

        name = usage.one_argument(args, "page")
        self.spider_class("", opts.spider)
        if opts.url and name.startswith(WEB):
            raise UsageError("--url is for a saved page")
        if not name.startswith(WEB) and not Path(name).is_file():
            raise UsageError(f"no such file: {name} (an address begins with https://)")
        for url in (opts.url, name if name.startswith(WEB) else None):
            if url is not None and USERINFO.match(url):
                raise UsageError(NO_CREDENTIALS)
            if url is not None and absolute(url, "") is None:
                raise UsageError(f"no address: {url}")

    def execute(self, args: list[str], opts: Namespace) -> Outcome:
        from rich.console import Console

        from narayacrawl.archive.segments import archive_folder
        from narayacrawl.explain import html_page, print_explanation
        from narayacrawl.explain.page import NoAddressError, explained, saved_page
        from narayacrawl.explain.page_spider import PageSpider
        from narayacrawl.ledger.database import IN_MEMORY, ledger_url
        from narayacrawl.ledger.portal_timezone import read_kept_timezone
        from narayacrawl.pages import PageRefused
        from narayacrawl.replay.cache_storage import FixtureError
        from narayacrawl.spiders.wordpress import WordpressSpider
        from narayacrawl.urls import site

        assert self.settings is not None
        [name] = args
        archive = archive_folder(self.settings)
        ledger = ledger_url(self.settings["LEDGER"], archive) if archive else IN_MEMORY
        if name.startswith(WEB):
            read_by = self.spider_class(name, opts.spider)
            # At this priority: a spider's own settings would win over a lower one.
            self.settings.setdict(SETTINGS, priority="cmdline")
            crawler = self._create_crawler(type("PageSpider", (PageSpider,), {"read_by": read_by}))
            ended = self.crawl(crawler, {"url": name})
            assert isinstance(crawler.spider, PageSpider)
            page = crawler.spider.page
            if page is None:
                return ended if ended.status == INTERRUPTED else Outcome(FAILED, f"{crawler.spider.trouble}: {name}")
        else:
            try:
                page = saved_page(Path(name), opts.url)
            except FixtureError as error:
                return Outcome(FAILED, str(error))
            except PageRefused as error:
                return Outcome(FAILED, f"{name}: {error}")
            except NoAddressError as error:
                raise UsageError(str(error)) from error
        spider_class = self.spider_class(page.url, opts.spider or page.spider)
        try:
            portal = site(page.url) if spider_class is WordpressSpider else spider_class.name
            explanation = explained(page, spider_class, read_kept_timezone(ledger, portal))
        except PageRefused as error:
            return Outcome(FAILED, f"{name}: {error}")
        if opts.html:
            try:
                Path(opts.html).write_text(html_page(explanation, spider=spider_class.name), encoding="utf-8")
            except OSError as error:
                return Outcome(FAILED, f"{opts.html}: {error.strerror}")
            print(f"written to {opts.html}", file=sys.stderr)
        print_explanation(Console(highlight=False), explanation, spider=spider_class.name, all_blocks=opts.all)
        return Outcome(GOOD)

    def spider_class(self, url: str, name: str | None) -> type[Spider]:
        """Find the spider of this name, else the one whose portal the address is of, else the one for any portal."""
        from narayacrawl.spiders.wordpress import WordpressSpider

        loader = self.loader
        if name is None:
            own: type[Spider] | None = spidercls_for_request(loader, Request(url), None) if url else None
            return own or WordpressSpider
        if (host := host_of(name)) and name not in loader.list():
            name = spider_at(host, loader) or name
        if name not in loader.list():
            raise UsageError(f"no spider {name!r}{usage.suggestion(name, loader.list())}")
        return loader.load(name)
