"""Keep copies of damaged files of an archive beside its segments, before they are mended."""

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

from narayacrawl.archive.segment_files import DAMAGED, MANIFEST, ArchiveError, create_file, open_file, sync


def keep_copy(folder: Path, path: Path) -> None:
    """Copy a segment and its manifest, or a WARC, into the folder of damaged ones."""
    kept = folder / DAMAGED
    if kept.is_symlink():
        raise ArchiveError(f"{kept} is a link: the archive holds files only")
    kept.mkdir(exist_ok=True)
    name = path.name.partition(".")[0]
    moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    for file in (path, path.with_name(f"{name}{MANIFEST}")):
        if file.exists():
            copy = kept / f"{moment}-{file.name}"
            with os.fdopen(open_file(file), "rb") as damaged, create_file(copy) as written:
                shutil.copyfileobj(damaged, written)
    sync(kept)
