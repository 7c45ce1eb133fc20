"""Imports what a crawl imports, in the process that crawls are forked from: it takes longer than a small crawl."""

import gc

import pytest  # noqa: F401
from scrapy.settings import default_settings
from scrapy.utils.misc import load_object, walk_modules_iter

import narayacrawl.addon
import narayacrawl.settings
import tests.desk  # noqa: F401

for package in ("scrapy.commands", "narayacrawl"):
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
# What is there already is nobody's garbage: looking through it would copy its memory into each process.
gc.freeze()
