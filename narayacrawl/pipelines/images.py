"""Keep the images of archived articles: Scrapy's pipeline, of the originals and of the portal's own only."""

import asyncio
import logging
import warnings
from collections.abc import Iterator
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import Any, ClassVar, Final, Self, cast

from PIL import Image
from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http import Response
from scrapy.pipelines.files import FSFilesStore
from scrapy.pipelines.images import ImagesPipeline
from scrapy.pipelines.media import FileException, FileInfo, MediaPipeline
from twisted.python.failure import Failure

from narayacrawl.archive.failure import output_failed
from narayacrawl.archive.images import ImageRegister, image_address, image_path, image_urls, images_folder
from narayacrawl.archive.run import Run
from narayacrawl.archive.segment_files import replace_file
from narayacrawl.downloader.address_rule import Refused
from narayacrawl.downloader.answer_parser import BadAnswer
from narayacrawl.downloader.downloader import Downloader
from narayacrawl.downloader.fetch import GONE, IMAGE, is_cancelled
from narayacrawl.items import Article, PublishedArticle
from narayacrawl.pipelines.dropped import Dropped

logger = logging.getLogger(__name__)

FORMATS: Final = ("JPEG", "PNG", "GIF", "WEBP", "AVIF")
"""Kinds of images that are kept; any other, SVG among them, may hold code or what no browser shows."""
HEADERS: Final = {"Accept": "image/*,*/*;q=0.8"}
MAX_PIXELS: Final = 50_000_000
"""A larger one would take too much memory to look at."""
MAX_FAILED: Final = 5
"""After so many images in a row that did not come, a run asks for no further one: it would wait for each, and its
articles with it."""
RETRIES: Final = 1


class NotKept(FileException):
    """An image is not kept, for a reason of a few words."""

    def __init__(self, reason: str, *, is_final: bool) -> None:
        super().__init__(reason)
        self.is_final = is_final
        """True if asking again would bring nothing else."""


class ImageStore(FSFilesStore):
    """Scrapy's store, whose files are whole and on the disk, or not there."""

    def persist_file(
        self,
        path: Any,  # noqa: ANN401 - a str or a PathLike
        buf: BytesIO,
        info: MediaPipeline.SpiderInfo,
        meta: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        file = self._get_filesystem_path(path)
        file.parent.mkdir(parents=True, exist_ok=True)
        replace_file(file, lambda written: written.write(buf.getvalue()))


class KeepImagesPipeline(ImagesPipeline):
    """Fetch the images of an article that is in the archive, and keep each as the portal sent it, once.

    What goes wrong is counted and told in a line, and costs the article nothing. The record stays as it is.
    """

    STORE_SCHEMES: ClassVar[dict[str, Any]] = {**ImagesPipeline.STORE_SCHEMES, "file": ImageStore}

    def __init__(self, folder: Path, run: Run, *, crawler: Crawler) -> None:
        super().__init__(str(folder), crawler=crawler)
        self.run = run
        self.register = ImageRegister(folder, run.portal)
        self._failed_in_a_row = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        folder = images_folder(crawler.settings)
        if folder is None:
            raise NotConfigured
        pipeline = cls(folder, Run.of(crawler), crawler=crawler)
        crawler.signals.connect(pipeline.item_dropped, signal=signals.item_dropped)
        return pipeline

    async def process_item(self, item: Any) -> Any:  # type: ignore[override]
        self.run.awaiting_images += 1
        try:
            return await super().process_item(item)
        finally:
            self.run.awaiting_images -= 1

    async def item_dropped(self, item: Any, exception: Exception) -> None:  # noqa: ANN401
        """Fetch what a known article lacks: an earlier run was ended before it had all, or kept none."""
        if isinstance(exception, Dropped) and exception.reason == "unchanged":
            await self.process_item(item)

    @cached_property
    def _lost(self) -> frozenset[str]:
        return self.register.lost()

    @property
    def _downloader(self) -> Downloader:
        return cast("Downloader", self.crawler.engine.downloader)

    # What ImagesPipeline asks of a subclass

    def get_media_requests(self, item: Any, info: MediaPipeline.SpiderInfo) -> list[Request]:  # noqa: ANN401
        if not isinstance(item, Article | PublishedArticle):  # one that was dropped is as it was published
            return []
        rule = self._downloader.rule
        retries = min(RETRIES, self.crawler.settings.getint("RETRY_TIMES"))
        requests = []
        for url in image_urls(item.images):
            if image_path(url) in self._lost:
                self._count("lost")
                continue
            if self._failed_in_a_row >= MAX_FAILED:
                self._count("left")
                continue
            try:
                rule.check(rule.own_twin(url) or url)
                request = Request(image_address(url), headers=HEADERS, meta={IMAGE: True, "max_retry_times": retries})
            except (Refused, ValueError):
                self._count("refused")
            else:
                requests.append(request)
        return requests

    def file_path(
        self,
        request: Request,
        response: Response | None = None,
        info: MediaPipeline.SpiderInfo | None = None,
        *,
        item: Any = None,  # noqa: ANN401
    ) -> str:
        return image_path(request.url)

    async def _check_media_to_download(  # type: ignore[override]
        self,
        request: Request,
        info: MediaPipeline.SpiderInfo,
        item: Any,  # noqa: ANN401
    ) -> FileInfo | None:
        """Fetch an image; None if it did not come. Where a download is cancelled, Scrapy would leave whoever waits for
        the same image waiting."""
        try:
            done: FileInfo | None = await super()._check_media_to_download(request, info, item=item)
        except asyncio.CancelledError:
            self._count("left")
            return None
        return done

    async def media_downloaded(
        self,
        response: Response,
        request: Request,
        info: MediaPipeline.SpiderInfo,
        *,
        item: Any = None,  # noqa: ANN401
    ) -> FileInfo:
        self._count(f"response_status_count/{response.status}")
        if response.status in (200, *GONE):
            self._failed_in_a_row = 0
        if response.status != 200:
            raise NotKept(f"status {response.status}", is_final=response.status in GONE)
        try:
            checksum = await self.file_downloaded(response, request, info, item=item)
            self.register.add_kept(request.url, response.body)
        except OSError as error:
            output_failed(self.crawler, f"{error.strerror}: {error.filename or self.register.store}")
            raise
        self._count("kept")
        return {"url": request.url, "path": image_path(request.url), "checksum": checksum, "status": "downloaded"}

    def get_images(
        self,
        response: Response,
        request: Request,
        info: MediaPipeline.SpiderInfo,
        *,
        item: Any = None,  # noqa: ANN401
    ) -> Iterator[tuple[str, Image.Image, BytesIO]]:
        try:
            _check_image(response.body)
            images = list(super().get_images(response, request, info, item=item))
        except FileException as error:
            raise NotKept(str(error), is_final=True) from error
        except Exception as error:  # a broken image fails in as many ways as there are decoders
            raise NotKept("no image that can be read", is_final=True) from error
        yield from images

    def convert_image(
        self, image: Image.Image, size: tuple[int, int] | None = None, *, response_body: BytesIO
    ) -> tuple[Image.Image, BytesIO]:
        """Return the image as it was sent; a thumbnail (IMAGES_THUMBS) as Scrapy makes it."""
        if size is None:
            return image, response_body
        converted: tuple[Image.Image, BytesIO] = super().convert_image(image, size, response_body=response_body)
        return converted

    def media_failed(self, failure: Failure, request: Request, info: MediaPipeline.SpiderInfo) -> None:  # type: ignore[override]
        """Settle an image that did not come: Scrapy would log a traceback of what is raised."""
        error = failure.value
        if is_cancelled(failure):
            self._count("left")
            return
        if isinstance(error, IgnoreRequest) and not isinstance(error, Refused):
            error = NotKept("forbidden by robots.txt", is_final=True)
        is_final = isinstance(error, Refused) or getattr(error, "is_final", False)
        if isinstance(error, BadAnswer):  # a slow one may come sooner another time
            is_final = error.reason != "time"
        reason = " ".join(str(error).split()) or type(error).__name__
        self._count("failed")
        self.crawler.stats.set_value("narayacrawl/example/image", request.url)
        logger.info("image not kept (%s): %s", reason, request.url)
        if not is_final:
            self._note_failure()
            return
        try:
            self.register.add_lost(request.url, reason)
        except OSError as full:
            output_failed(self.crawler, f"{full.strerror}: {full.filename or self.register.path}")

    def _note_failure(self) -> None:
        self._failed_in_a_row += 1
        if self._failed_in_a_row == MAX_FAILED:
            self._downloader.give_up(sent=False, images_only=True)
            logger.warning("no image comes, %d in a row: this run asks for no further one", MAX_FAILED)

    def item_completed(self, results: Any, item: Any, info: MediaPipeline.SpiderInfo) -> Any:  # noqa: ANN401
        """Return the item as it is: the record does not say what was kept."""
        return item

    def inc_stats(self, status: str) -> None:
        self._count("known" if status == "uptodate" else status)

    def _count(self, what: str) -> None:
        self.crawler.stats.inc_value(f"narayacrawl/image/{what}")


def _check_image(content: bytes) -> None:
    """Raise if the content is no image of a kind that is kept, or too large a one; nothing is decoded yet."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            image = Image.open(BytesIO(content), formats=FORMATS)
            is_too_large = image.width * image.height > MAX_PIXELS
        except Image.DecompressionBombError:
            is_too_large = True
    if is_too_large:
        raise NotKept(f"more than {MAX_PIXELS} pixels", is_final=True)
