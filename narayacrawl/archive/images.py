"""Keep the articles' images in a folder beside the archive: where each is, and what became of it.

`IMAGES_STORE/full/` holds the files, each under the SHA-1 of its address, as Scrapy's `ImagesPipeline` names them;
`IMAGES_STORE/PORTAL.images.jl` has a line for each image that was kept, or cannot be had.
"""

import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urldefrag, urlsplit

import orjson
from scrapy.settings import BaseSettings
from scrapy.utils.conf import closest_scrapy_cfg
from w3lib.url import safe_url_string

from narayacrawl.archive.reader import list_segments
from narayacrawl.archive.segment_files import NO_LINK, open_file, read_lines, replace_file
from narayacrawl.archive.segments import portal_folder
from narayacrawl.archive.selection import read_record
from narayacrawl.archive.tombstones import RemovedLines

ENDINGS: Final = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif")
"""Endings of a file's name; one of another kind is named `.jpg`."""
MAX_IMAGES: Final = 200
"""So many images of one article are kept."""
LOST_FOR: Final = timedelta(days=30)
"""An image that cannot be had is asked for again after so long, if its article is fetched."""
NOT_THERE: Final = "not kept"
DAMAGED: Final = ".damaged"
"""Ending of a file that was put aside, for it is not what was kept."""
REMOTE: Final = re.compile(r"(?!file:)[a-z][a-z\d+.-]+://", re.IGNORECASE)


class StoreError(ValueError):
    """Tells in one line why images cannot be kept."""


@dataclass(frozen=True, slots=True)
class KeptImage:
    """What became of an image."""

    url: str
    sha256: str | None
    """Of its file; None if it cannot be had."""
    lost: str | None
    """Why it cannot be had; None if it was kept."""
    at: str
    """When that was found, ISO 8601 in UTC."""


def images_folder(settings: BaseSettings) -> Path | None:
    """Return the folder named by IMAGES_STORE, relative to that of scrapy.cfg; None if the setting is empty. Raises
    `StoreError` for what is no folder of this machine."""
    store = str(settings.get("IMAGES_STORE") or "")
    if not store:
        return None
    if REMOTE.match(store):
        raise StoreError(f"IMAGES_STORE={store} is no folder: audit and removal look at the files on this machine")
    folder = Path(closest_scrapy_cfg()).parent.absolute() / store.removeprefix("file://")
    if folder.exists() and not folder.is_dir():
        raise StoreError(f"IMAGES_STORE={store} is no folder")
    return folder


def image_address(url: str) -> str:
    """Return the address that an image is asked for at: percent-encoded, without a fragment."""
    return urldefrag(safe_url_string(url)).url


def image_path(url: str) -> str:
    """Return the name of an image's file in the store."""
    address = image_address(url)
    ending = Path(urlsplit(address).path).suffix.lower()
    name = hashlib.sha1(address.encode(), usedforsecurity=False).hexdigest()
    return f"full/{name}{ending if ending in ENDINGS else '.jpg'}"


def image_urls(images: Iterable[Any]) -> list[str]:
    """Return the addresses of an article's images, each once, of a record or an `Article`."""
    urls = (own["url"] if isinstance(own, Mapping) else own.url for own in images)
    return list(dict.fromkeys(url for url in urls if isinstance(url, str)))[:MAX_IMAGES]


class ImageRegister:
    """Knows what became of a portal's images."""

    def __init__(self, store: Path, portal: str) -> None:
        self.store = store
        self.path = store / f"{portal_folder(store, portal).name}.images.jl"

    def add_kept(self, url: str, content: bytes) -> None:
        """Record an image whose file is on the disk."""
        self._add({"url": url, "file": image_path(url), "bytes": len(content), "sha256": _sha256(content)})

    def add_lost(self, url: str, reason: str) -> None:
        """Record an image that cannot be had, so that nobody asks for it again."""
        self._add({"url": url, "lost": reason})

    def _add(self, entry: dict[str, Any]) -> None:
        line = orjson.dumps(entry | {"at": datetime.now(UTC).isoformat(timespec="seconds")}) + b"\n"
        self.store.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | NO_LINK, 0o644)
        with os.fdopen(descriptor, "ab") as file:
            if file.tell() and not self._ends_with_a_line():
                line = b"\n" + line
            file.write(line)

    def _ends_with_a_line(self) -> bool:
        with self.path.open("rb") as file:
            file.seek(-1, os.SEEK_END)
            return file.read() == b"\n"

    def lost(self) -> frozenset[str]:
        """Return the files of the images that need not be asked for: of late they could not be had."""
        since = (datetime.now(UTC) - LOST_FOR).isoformat(timespec="seconds")
        return frozenset(path for path, image in self.read().items() if image.lost and image.at > since)

    def read(self) -> dict[str, KeptImage]:
        """Return the last line of each image, by the name of its file; a line that a kill has torn is passed over."""
        return {image_path(own.url): own for own in self._entries()}

    def _entries(self) -> Iterator[KeptImage]:
        try:
            with os.fdopen(open_file(self.path), "rb") as file:
                for line in file:
                    try:
                        entry = orjson.loads(line)
                        yield KeptImage(str(entry["url"]), entry.get("sha256"), entry.get("lost"), str(entry["at"]))
                    except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError):
                        continue
        except FileNotFoundError:
            return

    def damage(self, path: str, known: KeptImage | None) -> str | None:
        """Return how the file of an image is not what was kept, or that it is not there; None if all is well."""
        try:
            content = (self.store / path).read_bytes()
        except FileNotFoundError:
            return NOT_THERE
        except OSError as error:
            return f"not readable: {error.strerror}"
        if known is None or known.sha256 is None:
            return None if content else "an empty file"
        return None if _sha256(content) == known.sha256 else "not what was kept: its SHA-256 is another"

    def set_aside(self, path: str) -> None:
        """Put a damaged file out of the way of the one that comes in its place."""
        file = self.store / path
        if file.exists():
            file.replace(file.with_name(file.name + DAMAGED))

    def remove(self, urls: Iterable[str]) -> int:
        """Remove images, and all that is known of them; return how many files there were."""
        paths = {image_path(url) for url in urls}
        count = 0
        for path in paths:
            file = self.store / path
            count += file.exists()
            thumbs = self.store.glob(f"thumbs/*/{file.stem}.jpg")
            for own in (file, file.with_name(file.name + DAMAGED), *thumbs):
                own.unlink(missing_ok=True)
        if paths and self.path.exists():
            with os.fdopen(open_file(self.path), "rb") as register:
                lines = register.readlines()
            left = [line for line in lines if not _is_of(line, paths)]
            if len(left) < len(lines):
                replace_file(self.path, lambda file: file.writelines(left))
        return count


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _is_of(line: bytes, paths: set[str]) -> bool:
    try:
        return image_path(str(orjson.loads(line)["url"])) in paths
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return False


def images_only_of(folder: Path, removed: RemovedLines) -> list[str]:
    """Return the images of removed articles that no other article of a portal has, in any revision."""
    own: set[str] = set()
    others: set[str] = set()
    for path in list_segments(folder).values():
        for number, line in enumerate(read_lines(path), 1):
            if line in removed:
                own.update(_addresses(line, f"{path}:{number}"))
    if not own:
        return []
    for path in list_segments(folder).values():
        for number, line in enumerate(read_lines(path), 1):
            if line not in removed:
                others.update(own.intersection(_addresses(line, f"{path}:{number}")))
    return sorted(own - others)


def _addresses(line: bytes, place: str) -> set[str]:
    images = read_record(line, place).get("images")
    return {image_address(url) for url in image_urls(images if isinstance(images, list) else [])}
