"""Find the portal or the spider that a command names: by the spider's name, its host or an address of it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from scrapy.exceptions import UsageError
from scrapy.interfaces import ISpiderLoader
from scrapy.settings import BaseSettings
from scrapy.spiderloader import get_spider_loader

from narayacrawl.commands.suggesting import suggestion
from narayacrawl.urls import USERINFO, site

ANY_PORTAL: Final = "wordpress"
"""The spider of any portal, which is given an address."""
HOST: Final = re.compile(r"(?:[\w-]+\.)+[\w-]{2,}(?::\d+)?|localhost(?::\d+)?|[\d.]+(?::\d+)?|\[[\da-f:.]+\](?::\d+)?")
WEB: Final = ("http://", "https://")
