"""Scrapy settings of narayacrawl; what is not named here is Scrapy's default."""

import os

BOT_NAME = "narayacrawl"
SPIDER_MODULES = ["narayacrawl.spiders"]
NEWSPIDER_MODULE = "narayacrawl.spiders"
COMMANDS_MODULE = "narayacrawl.commands"

# Only whoever runs the crawler knows how to reach them: a mail address or a page, from the environment.
USER_AGENT = f"narayacrawl/0.1 ({os.environ.get('NARAYACRAWL_CONTACT') or 'no contact given'})"
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "id,en;q=0.5",
}

ROBOTSTXT_OBEY = True
DOWNLOAD_DELAY = 0.5
CONCURRENT_REQUESTS_PER_DOMAIN = 2
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 1.0
AUTOTHROTTLE_MAX_DELAY = 30.0

DOWNLOAD_TIMEOUT = 30
DOWNLOAD_MAXSIZE = 16 * 1024 * 1024
DOWNLOAD_VERIFY_CERTIFICATES = True
RETRY_TIMES = 3

# A portal needs none, and the first Set-Cookie may fetch the public suffix list from the network.
COOKIES_ENABLED = False

# Both run code that whoever reaches the port sends.
REMOTE_CONTROL_ENABLED = False
TELNETCONSOLE_ENABLED = False

# So many tasks are made for every response, and a page yields one item.
CONCURRENT_ITEMS = 1

# A news page that loads itself anew every minute is no redirect.
METAREFRESH_ENABLED = False

# Everything that a page yields passes through each of these, and none has anything to do here.
URLLENGTH_LIMIT = 0
SPIDER_MIDDLEWARES = {
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,
}

ITEM_PIPELINES = {
    "narayacrawl.pipelines.title.NormalizeTitlePipeline": 100,
    "narayacrawl.pipelines.date.NormalizeDatePipeline": 200,
    "narayacrawl.pipelines.body.NormalizeBodyPipeline": 300,
    "narayacrawl.pipelines.validate.ValidateArticlePipeline": 400,
    "narayacrawl.pipelines.select.SelectArticlePipeline": 500,
    "narayacrawl.pipelines.revise.ReviseArticlePipeline": 600,
    "narayacrawl.pipelines.archive.ArchivePipeline": 900,
}
EXTENSIONS = {
    "scrapy.extensions.feedexport.FeedExporter": None,
    "narayacrawl.extensions.feed_exporter.FeedExporter": 0,
    "narayacrawl.extensions.garbage_collector.Collector": 0,
    "narayacrawl.extensions.item_counts.ItemCounts": 0,
    "narayacrawl.archive.run.Run": 0,
    "narayacrawl.extensions.shutdown.Shutdown": 0,
}
DOWNLOADER = "narayacrawl.downloader.downloader.Downloader"

# Beside scrapy.cfg where it is not absolute; empty turns the archive off, and the ledger with it.
ARCHIVE = "data"
# "", "gzip" or "zstd", when a segment is sealed.
ARCHIVE_COMPRESSION = ""
# The ledger goes with the archive: one that knows articles as written which are elsewhere would leave them out here.
LEDGER = "sqlite:///%(archive)s/ledger.db"

FEED_EXPORT_ENCODING = "utf-8"
FEED_EXPORTERS = dict.fromkeys(("jl", "jsonl", "jsonlines"), "narayacrawl.exporters.jsonlines.JsonLinesExporter")

# Beside scrapy.cfg where it is not absolute.
FIXTURES_DIR = "fixtures"

LOG_LEVEL = "INFO"
