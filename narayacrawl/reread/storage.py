"""Name, list and read WARC files wherever they are: on this machine, in object storage (`s3://`), on HDFS. pyarrow
reaches them all."""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Final
from urllib.parse import quote, urlsplit, urlunsplit

from pyarrow import fs

from narayacrawl.reread.foreign_files import ENDINGS, NoFiles
from narayacrawl.urls import without_userinfo

COPIED: Final = 8 * 1024 * 1024


def is_remote(name: str) -> bool:
    """True for an address, `s3://bucket/folder`; False for a path of this machine."""
    return "://" in name


def shown(address: str) -> str:
    """Return an address as it is told: what stands in it beside the place may be a key."""
    return without_userinfo(address).partition("?")[0] if is_remote(address) else address


def filesystem(name: str) -> tuple[Any, str]:
    """Return the file system of an address or a path, and the path there. Raises `NoFiles` where there is none."""
    try:
        if is_remote(name):
            system, path = fs.FileSystem.from_uri(name)
            return system, str(path)
    except (ValueError, OSError) as error:  # what pyarrow raises of an address, too
        raise NoFiles(f"{shown(name)}: {str(error).partition(chr(10))[0]}") from error
    return fs.LocalFileSystem(), str(Path(name).resolve())


def list_files(names: Sequence[str]) -> dict[str, int]:
    """Return the files that are named, each once, with their sizes; of a folder all WARC files in it and in its
    folders. Raises `NoFiles`."""
    found: dict[str, int] = {}
    for name in names:
        system, path = filesystem(name)
        try:
            own = _list(system, path, name)
        except OSError as error:
            raise NoFiles(f"{shown(name)}: {str(error).partition(chr(10))[0]}") from error
        for info in own:
            found.setdefault(_address(name, info.path), info.size or 0)
    return found


def _list(system: Any, path: str, name: str) -> list[Any]:  # noqa: ANN401 - pyarrow's
    info = system.get_file_info(path.rstrip("/"))
    if info.type == fs.FileType.NotFound:
        raise NoFiles(f"no such file or folder: {shown(name)}")
    if info.type != fs.FileType.Directory:
        return [info]
    inside = system.get_file_info(fs.FileSelector(path.rstrip("/"), recursive=True))
    own = [info for info in inside if info.type == fs.FileType.File and info.path.endswith(ENDINGS)]
    if not own:
        raise NoFiles(f"no WARC file in {shown(name)}: they end in {' or '.join(ENDINGS)}")
    return sorted(own, key=lambda info: info.path)


def _address(name: str, path: str) -> str:
    """Return the address of a file that was found under a name."""
    if not is_remote(name):
        return path
    parts = urlsplit(name)
    if parts.scheme in ("s3", "gs"):
        bucket, _, own = path.partition("/")
        return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[0] + bucket, quote(own), parts.query, ""))
    return urlunsplit((parts.scheme, parts.netloc, quote(path), parts.query, ""))


@contextmanager
def local_copy(address: str) -> Iterator[str]:
    """Give the path of a file on this machine, or of a copy: so that a network that fails is not taken for a file that
    is cut short."""
    if not is_remote(address):
        yield address
        return
    system, path = filesystem(address)
    with NamedTemporaryFile(prefix="narayacrawl-", suffix=".warc") as copy:
        with system.open_input_stream(path) as file:
            shutil.copyfileobj(file, copy, COPIED)
        copy.flush()
        yield copy.name


class Folder:
    """A folder that files are written into, each whole or not at all; nothing in it is read by who reads the data set
    before it has its name."""

    def __init__(self, name: str) -> None:
        self._system, self._root = filesystem(name)
        self._is_local = isinstance(self._system, fs.LocalFileSystem)
        # An object is there when it is whole; a file is renamed then.
        self._has_whole_files = isinstance(self._system, (fs.S3FileSystem, fs.GcsFileSystem))

    def write(self, path: str, content: bytes | memoryview) -> None:
        """Write a file, with the folders above it; one of this name is replaced."""
        target = f"{self._root}/{path}"
        folder, _, name = target.rpartition("/")
        if self._has_whole_files:
            self._put(target, content)
            return
        self._system.create_dir(folder, recursive=True)
        written = f"{folder}/.{name}.{os.urandom(4).hex()}.tmp"
        self._put(written, content)
        if self._is_local:
            with Path(written).open("rb") as file:
                os.fsync(file.fileno())
            Path(written).replace(target)
        else:
            if self._system.get_file_info(target).type != fs.FileType.NotFound:
                self._system.delete_file(target)
            self._system.move(written, target)

    def _put(self, target: str, content: bytes | memoryview) -> None:
        with self._system.open_output_stream(target) as file:
            file.write(content)

    def read(self, path: str) -> bytes | None:
        """Return a file's content; None if it is not there."""
        try:
            with self._system.open_input_stream(f"{self._root}/{path}") as file:
                return bytes(file.read())
        except FileNotFoundError:
            return None

    def remove(self, path: str) -> None:
        """Remove a file, if it is there."""
        if self._system.get_file_info(f"{self._root}/{path}").type == fs.FileType.File:
            self._system.delete_file(f"{self._root}/{path}")

    def files(self) -> list[str]:
        """Return all files in it and in its folders."""
        selector = fs.FileSelector(self._root, allow_not_found=True, recursive=True)
        prefix = f"{self._root}/"
        return [
            info.path.removeprefix(prefix)
            for info in self._system.get_file_info(selector)
            if info.type == fs.FileType.File
        ]
