"""Portals that the documentation names, without a network: a download handler that answers from a file of pages."""

import dataclasses
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urljoin

from scrapy import Request
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes

from tests.conftest import Portal
from tests.portals import SECTIONS, Post, WordPress

PAGES: Final = "STAND_IN_PAGES"
"""The environment variable that names the file."""
PORTALS: Final = ("https://narayapost.com/", "https://portal.example/", "https://radar.example/")
NOT_FOUND: Final = (404, {"Content-Type": "text/html"}, "<h1>Gone</h1>")


class StandInHandler(BaseDownloadHandler):
    """Answer every request from the file of pages; what is not there is answered with 404."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.pages = json.loads(Path(os.environ[PAGES]).read_text(encoding="utf-8"))

    async def download_request(self, request: Request) -> Response:
        status, fields, body = self.pages.get(request.url, NOT_FOUND)
        headers, content = Headers(fields), body.encode()
        kind = responsetypes.from_args(headers=headers, url=request.url, body=content)
        return kind(request.url, status=status, headers=headers, body=content, request=request)

    async def close(self) -> None:
        """Nothing is open."""


@dataclass(frozen=True)
class Story(Post):
    """A post with an address and a headline of its own."""

    slug: str = ""
    headline: str = ""

    @property
    def title(self) -> str:
        return self.headline

    @property
    def path(self) -> str:
        return f"/{self.section}/{self.slug}/"


STORIES: Final = (
    Story(
        31,
        "ekonomi",
        "2025-12-14T21:35:12+07:00",
        ("Beras naik Rp500 sejak Senin pagi.",),
        "harga-beras",
        "Harga Beras Naik",
    ),
    Story(
        32,
        "daerah",
        "2025-12-13T07:10:00+07:00",
        ("Jukung berkumpul pukul tujuh.",),
        "pasar-terapung",
        "Pasar Terapung Pindah Jam",
    ),
    Story(
        33,
        "ekonomi",
        "2025-12-12T16:00:30+07:00",
        ("Ampas tebu dikemas.",),
        "pupuk-organik",
        "Pupuk Organik Mulai Dijual",
    ),
)
EDITED: Final = dataclasses.replace(STORIES[0], parts=("Beras naik Rp900 sejak Senin pagi.",))


def write_pages(path: Path, *, edited: bool = False) -> None:
    """Write the pages of all portals; `edited`: one article says something else than before."""
    stories = (EDITED, *STORIES[1:]) if edited else STORIES
    pages: dict[str, tuple[int, dict[str, str], str]] = {}
    for url in PORTALS:
        portal = Portal(url)
        wordpress = WordPress(portal)
        wordpress.publish(*stories)
        wordpress.list_posts("/", stories)
        for section in SECTIONS:
            wordpress.list_posts(f"/category/{section}/", [story for story in stories if story.section == section])
        pages |= {urljoin(url, address): page for address, page in portal.pages.items()}
    path.write_text(json.dumps(pages), encoding="utf-8")
