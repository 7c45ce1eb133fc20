"""Name, list, seal and recover WARCs: the pages of a portal as they came, a file for each run, beside its segments.

The WARC of a run has the name of the run's segment, in a folder of its own: `warc/20251124T224801Z-000012.warc.gz`.
While it is written it ends in `.part`. Its manifest, `20251124T224801Z-000012.warc.manifest.json`, is written when it
is sealed. How much of it counts stands in the ledger (`runs.warc`), acknowledged together with the articles that were
read from it: what an interrupted run left behind that is cut off. A WARC from which pages were removed is written anew
under its name with the next number at its end, `20251124T224801Z-000012-2.warc.gz`.

It is WARC/1.1 (ISO 28500:2017), one gzip member a record, so that a record can be read from its offset. Its records:

warcinfo  the first one: `software` with the version, `http-header-user-agent`, `portal`, `run`, `spider`, `arguments`
          (JSON).
request   what was asked, without credentials; `WARC-Concurrent-To` names its answer.
response  what was answered, redirects and refusals, too; the body as it was sent, with its Content-Encoding.
revisit   an answer that brought nothing new: a 304 (server-not-modified), or a page with the payload that a record has
          already (identical-payload-digest). `WARC-Refers-To-Target-URI` and `WARC-Refers-To-Date` tell which record,
          where one is known.
metadata  what the archive acknowledged as an article whose page is in this file: `WARC-Target-URI` is `urn:article:`
          and the article's address (under the address itself a web archive would show this in place of the page),
          `WARC-Refers-To` the id of its page's `response`. Its content is JSON:

    {"url", "id", "portal", "revision", "fetched_at",   as in the article's record; `revision` is that of its last line
     "timezone",   of dates that tell none: IANA name, `+07:00`, or null if the portal has told nothing
     "base",       an address of the portal: its scheme and host are those of every request
     "pages": [{"id", "offset"}, …],   `response` records in this file: its page, then those that follow it, in order
     "rest": {"id", "offset", "post"} or null}   the answer of the REST API that tells of the post with this id

Every `response` that a `metadata` record names stands before it, in the same file: a file is read by itself.
"""

import json
import os
import zlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from narayacrawl.archive.listing import RUN
from narayacrawl.archive.manifest import file_sha256
from narayacrawl.archive.segment_files import (
    DAMAGED,
    PART_ENDING,
    TEMPORARY,
    ArchiveError,
    open_file,
    replace_file,
    sync,
)
from narayacrawl.archive.segments import cut_back

FOLDER: Final = "warc"
"""Name of the folder, beside a portal's segments, that holds its WARCs."""
WARC: Final = ".warc.gz"
"""Ending of a sealed WARC."""
PART: Final = WARC + PART_ENDING
"""Ending of a WARC that is being written."""
MANIFEST: Final = ".warc.manifest.json"
"""Ending of the manifest of a sealed WARC."""
REMOVING: Final = ".removing"
"""Name of the file that stands in the folder as long as a WARC may hold a page that is to go."""
ARTICLE: Final = "urn:article:"
"""How the address of a `metadata` record begins."""
CHUNK: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class WarcManifest:
    """What a sealed WARC holds, as the JSON file beside it says."""

    warc: str
    """The file's name."""
    records: int
    bytes: int
    """The file's size."""
    sha256: str
    """The file's checksum."""


def warc_folder(folder: Path) -> Path:
    """Return where the WARCs of a portal's folder are."""
    return folder / FOLDER


def sealed_warcs(folder: Path) -> dict[str, Path]:
    """Return the sealed WARCs of a portal's folder by name, oldest first."""
    return {path.name.removesuffix(WARC): path for path in sorted(warc_folder(folder).glob(f"*{WARC}"))}


def unread_warcs(folder: Path) -> list[Path]:
    """Return the WARCs of a portal's folder that are not sealed, and the copies of those that were found damaged."""
    return [*sorted(warc_folder(folder).glob(f"*{PART}")), *sorted((folder / DAMAGED).glob(f"*{WARC}"))]


def run_of(name: str) -> str:
    """Return the name that a run gave its segment and its WARC: without the number at the end of one that was written
    anew."""
    match = RUN.fullmatch(name)
    return name[: match.start("again")] if match and match["again"] else name


def warcs_of_runs(folder: Path) -> dict[str, Path]:
    """Return the sealed WARC of each run by the name that the run gave it: of one that was written anew the last
    file."""
    numbered: dict[str, tuple[int, Path]] = {}
    for name, path in sealed_warcs(folder).items():
        run = run_of(name)
        number = int(name[len(run) + 1 :] or 1)
        numbered[run] = max(numbered.get(run, (0, path)), (number, path))
    return {run: path for run, (_, path) in numbered.items()}


def is_rewriting_unfinished(folder: Path) -> bool:
    """True if a process died while it wrote WARCs of a portal's folder anew: by the names of the files alone."""
    try:
        names = {*os.listdir(warc_folder(folder))}  # noqa: PTH208 - names, not thirty thousand paths
    except FileNotFoundError:
        return False
    if REMOVING in names or any(name.endswith(TEMPORARY) for name in names):
        return True
    rewritten = [name.partition(".")[0] for name in names if name.count("-") > 1]
    files = Counter(run_of(name) for name in {*rewritten} if f"{name}{WARC}" in names)
    is_half_done = any(f"{name}{WARC}" not in names for name in rewritten)
    return is_half_done or any(count > 1 or f"{run}{WARC}" in names for run, count in files.items())


def read_warc_manifest(folder: Path, name: str) -> WarcManifest | None:
    """Return the manifest of a WARC, None if it has none yet; raise `ArchiveError` if the file is not a manifest."""
    path = warc_folder(folder) / f"{name}{MANIFEST}"
    try:
        with os.fdopen(open_file(path), "rb") as file:
            return WarcManifest(**json.loads(file.read()))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError) as error:
        raise ArchiveError(f"{path}: not a manifest ({error})") from error


def write_warc_manifest(folder: Path, name: str, records: int | None = None) -> WarcManifest:
    """Write the manifest of a sealed WARC; without a number its records are counted."""
    path = warc_folder(folder) / f"{name}{WARC}"
    if records is None:
        records, _ = whole_records(path)
    manifest = WarcManifest(path.name, records, path.stat().st_size, file_sha256(path))
    save_warc_manifest(folder, manifest)
    return manifest


def save_warc_manifest(folder: Path, manifest: WarcManifest) -> None:
    """Write the manifest of a WARC, replacing an earlier one."""
    text = json.dumps(asdict(manifest), indent=1) + "\n"
    path = warc_folder(folder) / f"{manifest.warc.removesuffix(WARC)}{MANIFEST}"
    replace_file(path, lambda file: file.write(text.encode()))


def seal_warc(folder: Path, name: str, records: int | None = None) -> None:
    """Give a written WARC its final name and write its manifest; what an interrupted seal has done already is left.

    Raises `OSError` if the disk refuses a write: the records are kept.
    """
    part, path = (warc_folder(folder) / f"{name}{ending}" for ending in (PART, WARC))
    if part.exists():
        sync(part)
        part.rename(path)
        sync(path.parent)
    write_warc_manifest(folder, name, records)


def recover_warcs(folder: Path, acknowledged: Mapping[str, int] | None) -> None:
    """Cut back and seal the WARCs that a killed run left in a portal's folder.

    `acknowledged` maps each WARC that may be unsealed to its valid size in bytes; without it all whole records are
    valid. Raises `ArchiveError` if a WARC is smaller than that, or is missing.
    """
    own = warc_folder(folder)
    if acknowledged is None:
        acknowledged = {name: 0 for name in sealed_warcs(folder) if not (own / f"{name}{MANIFEST}").exists()}
        parts = sorted(own.glob(f"*{PART}"))
        acknowledged |= {path.name.removesuffix(PART): whole_records(path)[1] for path in parts}
    for name, size in acknowledged.items():
        (own / f"{name}{MANIFEST}{TEMPORARY}").unlink(missing_ok=True)
        part, path = own / f"{name}{PART}", own / f"{name}{WARC}"
        if part.exists():
            cut_back(part, size)
        elif size and not path.exists():
            raise ArchiveError(f"{part} is missing, {size} bytes were acknowledged: restore it from a backup")
        if part.exists() or path.exists():
            seal_warc(folder, name)


def whole_records(path: Path) -> tuple[int, int]:
    """Return how many whole records a WARC begins with, and where the last of them ends."""
    records = end = position = 0
    member = zlib.decompressobj(wbits=31)
    with os.fdopen(open_file(path), "rb") as file:
        while chunk := file.read(CHUNK):
            position += len(chunk)
            while chunk:
                try:
                    member.decompress(chunk)
                except zlib.error:
                    return records, end
                if not member.eof:
                    break
                chunk = member.unused_data
                records, end = records + 1, position - len(chunk)
                member = zlib.decompressobj(wbits=31)
    return records, end
