"""Write a folder of Markdown files, an article a file: a new folder whole or not at all, a former one brought up to
date."""

import hashlib
import os
import re
import shutil
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import orjson

from narayacrawl.archive.images import image_path
from narayacrawl.exporters.files import OutputError
from narayacrawl.exporters.markdown import document

LIST: Final = ".narayacrawl"
"""Name of the file that lists what exports have written into the folder; nothing else in it is touched."""
NEW: Final = ".narayacrawl.tmp"
"""Name of the folder, within the one that is written, for what is not in its place yet."""
MAX_SLUG: Final = 80


def file_name(record: Mapping[str, Any], *, has_revision: bool = False) -> str:
    """Return the name of an article's file: its day, the end of its address and its id, in lower case ASCII letters,
    digits and dashes; without an id, twelve digits of its address' hash.

    No two articles of a portal share one, on any file system.
    """
    url: str = record["url"]
    words = [word for word in unquote(urlsplit(url).path, errors="replace").split("/") if word]
    plain = unicodedata.normalize("NFKD", words[-1][: 4 * MAX_SLUG] if words else "").encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z\d]+", "-", plain.lower())[:MAX_SLUG].strip("-")
    own = hashlib.sha256(url.encode()).hexdigest()[:12] if record["id"] is None else str(record["id"])
    revision = f"r{record['revision']}" if has_revision else ""
    return "-".join(part for part in ((record["date"] or "undated")[:10], slug, own, revision) if part) + ".md"


class MarkdownFolder:
    """Writes articles into a folder of their own, as `Output`.

    A file that says the same is left as it is; one that an earlier export has written and this one has not is removed.
    """

    is_final = False

    def __init__(self, folder: Path, *, images: Path | None = None, has_revisions: bool = False) -> None:
        self.name = str(folder)
        self.folder = folder.resolve()
        self.images = images
        self.has_revisions = has_revisions
        self.written: set[str] = set()
        self._is_new = not self.folder.exists()
        self._new = self.folder.with_name(f"{self.folder.name}.tmp") if self._is_new else self.folder / NEW
        try:
            self._former = self._listed()
            if self._new.exists():
                self._remove_left()
            self._new.mkdir()
            (self._new / LIST).write_bytes(b"")
        except OSError as error:
            raise OutputError(self.name, error) from error

    def _listed(self) -> set[str]:
        """Return the names that earlier exports have written; raise where the folder holds only other files."""
        if self._is_new:
            return set()
        try:
            return {*(self.folder / LIST).read_text(encoding="ascii").splitlines()} - {""}
        except FileNotFoundError:
            others = next((path.name for path in self.folder.iterdir() if path.name != NEW), None)
            if others is None:
                return set()
            raise FileExistsError(None, f"holds other files ({others}): name an empty folder or a new one") from None

    def _remove_left(self) -> None:
        """Remove what an interrupted export has left."""
        is_own = self._new.name == NEW or (self._new / LIST).is_file()
        if not is_own or not self._new.is_dir() or self._new.is_symlink():
            raise FileExistsError(None, f"{self._new} is in the way: move it elsewhere")
        shutil.rmtree(self._new)

    def write(self, line: bytes) -> None:
        record = orjson.loads(line)
        name = file_name(record, has_revision=self.has_revisions)
        content = document(record, self._find_image).encode()
        self.written.add(name)
        try:
            if self._is_new or not self._is_same(self.folder / name, content):
                (self._new / name).write_bytes(content)
        except OSError as error:
            raise OutputError(self.name, error) from error

    @staticmethod
    def _is_same(path: Path, content: bytes) -> bool:
        try:
            return path.stat().st_size == len(content) and path.read_bytes() == content
        except FileNotFoundError:
            return False

    def _find_image(self, url: str) -> str | None:
        if self.images is None or not (file := self.images / image_path(url)).is_file():
            return None
        return Path(os.path.relpath(file, self.folder)).as_posix()

    def finish(self) -> None:
        """Write which files there are, those of earlier exports, too, as long as they are there."""
        self._write_list(self._new / LIST, self.written | self._former)

    def _write_list(self, path: Path, names: set[str]) -> None:
        try:
            path.write_text("".join(f"{name}\n" for name in sorted(names)), encoding="ascii")
        except OSError as error:
            raise OutputError(self.name, error) from error

    def place(self) -> None:
        try:
            if self._is_new:
                self._new.rename(self.folder)
                return
            # First, so that each file that comes is known to be an export's.
            (self._new / LIST).replace(self.folder / LIST)
            for path in sorted(self._new.iterdir()):
                path.replace(self.folder / path.name)
            for name in self._former - self.written:
                (self.folder / name).unlink(missing_ok=True)
            self._new.rmdir()
        except OSError as error:
            raise OutputError(self.name, error) from error
        self._write_list(self.folder / LIST, self.written)

    def discard(self) -> None:
        if self._new.is_dir():
            shutil.rmtree(self._new, ignore_errors=True)
