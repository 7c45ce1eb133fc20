"""The project's settings, with stand-ins for spiders and pipelines, and no politeness towards loopback."""

from narayacrawl.addon import COMPONENTS, RUN_LEDGER
from narayacrawl.settings import *  # noqa: F403

SPIDER_MODULES = ["standin.spiders"]
NEWSPIDER_MODULE = "standin.spiders"
ITEM_PIPELINES = {"standin.pipelines.StandinPipeline": 100, **dict.fromkeys(COMPONENTS["ITEM_PIPELINES"])}
# Its spiders have no portal, and so no ledger.
EXTENSIONS = {RUN_LEDGER: None}
HTTPPROXY_ENABLED = False
DOWNLOAD_DELAY = 0
ARCHIVE = ""
AUTOTHROTTLE_ENABLED = False
RETRY_TIMES = 0
