"""Imports what a crawl imports, in the process that crawls are forked from: it takes longer than a small crawl."""

from scrapy.settings import default_settings
from scrapy.utils.misc import load_object, walk_modules_iter

import narayacrawl.addon
import narayacrawl.settings
import tests.crash.launch  # noqa: F401 - all of the package and of the points

for package in ("scrapy.commands", narayacrawl.settings.COMMANDS_MODULE, *narayacrawl.settings.SPIDER_MODULES):
    list(walk_modules_iter(package))
for components in (
    default_settings.DOWNLOADER_MIDDLEWARES_BASE,
    default_settings.SPIDER_MIDDLEWARES_BASE,
    default_settings.EXTENSIONS_BASE,
    narayacrawl.addon.COMPONENTS["ITEM_PIPELINES"],
    narayacrawl.addon.COMPONENTS["EXTENSIONS"],
):
    for path in components:
        load_object(path)
for name in ("file", "http", "https", "data"):
    load_object(default_settings.DOWNLOAD_HANDLERS_BASE[name])
