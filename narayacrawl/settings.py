"""Scrapy settings of narayacrawl; what is not named here is Scrapy's default.

They are for every spider of the project. Pipelines, extensions and what else only the spiders of portals have stands in
`addon.py`.
"""

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
# Of a page, decompressed, too: the largest of real ones have two. What sources answer has its own, see `fetch.py`.
DOWNLOAD_MAXSIZE = 5 * 1024 * 1024
DOWNLOAD_VERIFY_CERTIFICATES = True
RETRY_TIMES = 3
# Whoever asked says what did not come.
RETRY_GIVE_UP_LOG_LEVEL = "DEBUG"
# Names of the portal that may resolve to a private address: `-s PRIVATE_HOSTS=portal.intranet`.
PRIVATE_HOSTS: list[str] = []
# A run ends after so many requests, of whatever kind, and the next one goes on where it was; 0: never.
REQUEST_BUDGET = 0
# True: an article whose page says `noarchive`, `noindex` or `none` to robots, or reserves text and data mining, is not
# written.
RESPECT_NOARCHIVE = False

# Both run code that whoever reaches the port sends.
REMOTE_CONTROL_ENABLED = False
TELNETCONSOLE_ENABLED = False

# Beside scrapy.cfg where it is not absolute; empty turns the archive off, and the ledger with it.
ARCHIVE = "data"
# "", "gzip" or "zstd", when a segment is sealed.
ARCHIVE_COMPRESSION = ""
# The ledger goes with the archive: one that knows articles as written which are elsewhere would leave them out here.
LEDGER = "sqlite:///%(archive)s/ledger.db"
# A folder for the articles' images, beside scrapy.cfg where it is not absolute; empty keeps none. It needs Pillow.
IMAGES_STORE = ""
# True: every answer is kept as it came, as WARC beside the segments. It needs warcio.
WARC = False

FEED_EXPORT_ENCODING = "utf-8"

# Beside scrapy.cfg where it is not absolute.
FIXTURES_DIR = "fixtures"

# Who is told of a run that ends with status 1, 2 or 3: mail addresses, through Scrapy's MAIL_HOST and the rest of them,
# and an address that the run's summary is sent to as JSON.
ALERT_MAIL: list[str] = []
ALERT_WEBHOOK = ""

LOG_LEVEL = "INFO"
# Seconds between two lines that tell how far a crawl is; 0: none, and no display on a terminal, either.
LOGSTATS_INTERVAL = 30.0
# A file for the summary of each run, as JSON; empty: none.
RUN_SUMMARY = ""
