"""Scrapy add-on, and what the spiders of portals have in any project: pipelines, extensions, downloader, settings.

    ADDONS = {"narayacrawl.addon.NarayacrawlAddon": 300}

Every `WordPressSpider` applies `COMPONENTS` and `SPIDER_SETTINGS` to itself, with or without the add-on; no other
spider of a project is touched.
"""

from typing import Any, Final

from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings

from narayacrawl import settings as own

PROJECT_SETTINGS: Final = frozenset({"BOT_NAME", "SPIDER_MODULES", "NEWSPIDER_MODULE", "COMMANDS_MODULE", "LOG_LEVEL"})
"""What of `settings.py` is for our own project only."""

KEEP_IMAGES: Final = {"narayacrawl.pipelines.images.KeepImagesPipeline": 950}
"""After the archive: an article waits for no image."""
KEEP_RAW_PAGES: Final = {"narayacrawl.downloader.raw_pages.RawPagesMiddleware": 610}
"""Nearer to the network than redirects (600) and decompression (590)."""
RUN: Final = "narayacrawl.archive.run.Run"

COMPONENTS: Final[dict[str, dict[str, int | str | None]]] = {
    "DOWNLOADER_MIDDLEWARES": {
        "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
        "narayacrawl.downloader.robots.RobotsTxtMiddleware": 100,
        "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
        "narayacrawl.downloader.retry.RetryMiddleware": 550,
        "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
        "narayacrawl.downloader.compression.CompressionMiddleware": 590,
    },
    "ITEM_PIPELINES": {
        "narayacrawl.pipelines.title.NormalizeTitlePipeline": 100,
        "narayacrawl.pipelines.date.NormalizeDatePipeline": 200,
        "narayacrawl.pipelines.body.NormalizeBodyPipeline": 300,
        "narayacrawl.pipelines.count.CountFieldsPipeline": 350,
        "narayacrawl.pipelines.validate.ValidateArticlePipeline": 400,
        "narayacrawl.pipelines.select.SelectArticlePipeline": 500,
        "narayacrawl.pipelines.revise.ReviseArticlePipeline": 600,
        "narayacrawl.pipelines.manager.EndGuardPipeline": 800,
        "narayacrawl.pipelines.archive.ArchivePipeline": 900,
    },
    "EXTENSIONS": {
        "scrapy.extensions.feedexport.FeedExporter": None,
        "scrapy.extensions.logstats.LogStats": None,
        "narayacrawl.extensions.crawl_progress.CrawlProgress": 0,
        "narayacrawl.extensions.feed_exporter.FeedExporter": 0,
        "narayacrawl.extensions.garbage_collector.Collector": 0,
        "narayacrawl.extensions.item_counts.ItemCounts": 0,
        # Before the run's end is recorded, with the alarms in its stats.
        "narayacrawl.extensions.watch.Watch": -1,
        RUN: 0,
        "narayacrawl.extensions.shutdown.Shutdown": 0,
    },
    # Everything that a page yields passes through each of these, and none has anything to do here.
    "SPIDER_MIDDLEWARES": {
        "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
        "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,
    },
    # What would leave the portal is refused with any of them; those that are not named are Scrapy's.
    "DOWNLOAD_HANDLERS": dict.fromkeys(("http", "https"), "narayacrawl.downloader.handler.DownloadHandler"),
    "FEED_EXPORTERS": dict.fromkeys(("jl", "jsonl", "jsonlines"), "narayacrawl.exporters.jsonlines.JsonLinesExporter"),
}
"""They are added to those of the project and of the spider; there, None for one of them turns it off."""

SPIDER_SETTINGS: Final[dict[str, Any]] = {
    "ITEM_PROCESSOR": "narayacrawl.pipelines.manager.GuardedPipelineManager",
    "DOWNLOADER": "narayacrawl.downloader.downloader.Downloader",
    # So many tasks are made for every response, and a page yields one item.
    "CONCURRENT_ITEMS": 1,
    # A portal needs none, and the first Set-Cookie may fetch the public suffix list from the network.
    "COOKIES_ENABLED": False,
    # A news page that loads itself anew every minute is no redirect.
    "METAREFRESH_ENABLED": False,
    # It looks at everything that a page yields.
    "URLLENGTH_LIMIT": 0,
    # WordPress never gives an address to another image: one that is kept is not asked for again.
    "IMAGES_EXPIRES": 36_500,
    "MEDIA_ALLOW_REDIRECTS": True,
}


SWITCHES: Final = {
    "EXTENSIONS_BASE": {
        "scrapy.extensions.remote_control.RemoteControl": "REMOTE_CONTROL_ENABLED",
        "scrapy.extensions.telnet.TelnetConsole": "TELNETCONSOLE_ENABLED",
    },
    "DOWNLOADER_MIDDLEWARES_BASE": {"scrapy.downloadermiddlewares.cookies.CookiesMiddleware": "COOKIES_ENABLED"},
}
"""Components of Scrapy that a setting turns on, with that setting: turned off, they are not imported, which takes a
fifth of a second."""


class NarayacrawlAddon:
    """Add the spiders `narayapost` and `wordpress` to a project."""

    @classmethod
    def update_pre_crawler_settings(cls, settings: BaseSettings) -> None:
        modules = settings.getlist("SPIDER_MODULES")
        settings.set(
            "SPIDER_MODULES",
            list(dict.fromkeys([*modules, *own.SPIDER_MODULES])),
            priority=settings.getpriority("SPIDER_MODULES") or 0,
        )


def update_spider_settings(settings: BaseSettings) -> None:
    """Apply to a spider's crawl what the spiders of portals have. What the project, the spider or the command line says
    goes first."""
    for name in dir(own):
        if name.isupper() and name not in PROJECT_SETTINGS:
            settings.set(name, getattr(own, name), priority="addon")
    settings.setdict(SPIDER_SETTINGS, priority="addon")
    for name, components in COMPONENTS.items():
        if (settings.getpriority(name) or 0) < SETTINGS_PRIORITIES["cmdline"]:
            # Not at the project's priority: Scrapy applies the project's settings once more before a crawl.
            extra = KEEP_IMAGES if name == "ITEM_PIPELINES" and settings.get("IMAGES_STORE") else {}
            if name == "DOWNLOADER_MIDDLEWARES" and settings.getbool("WARC"):
                extra = KEEP_RAW_PAGES
            settings.set(name, {**components, **extra, **settings.getdict(name)}, priority="spider")
    for name, switches in SWITCHES.items():
        # None for a component would import it, to see which it is.
        off = {path for path, switch in switches.items() if not settings.getbool(switch)}
        left = {path: order for path, order in settings.getdict(name).items() if path not in off}
        settings.set(name, left, priority="spider")
