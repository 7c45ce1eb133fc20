"""Keep a portal's tombstones beside its segments: the archive knows what was removed though its ledger is lost."""

import json
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import orjson

from narayacrawl.archive.segment_files import ArchiveError, open_file, replace_file
from narayacrawl.ledger.tombstones import Tombstone
from narayacrawl.urls import key

FILE: Final = "removed.json"
"""Name of the file in a portal's folder."""
# A line begins with address and id: most need not be parsed.
LINE_BEGIN: Final = re.compile(rb'\{"url":"([^"\\]*)","id":(\d{1,19}|null),')


def read_tombstones(folder: Path) -> list[Tombstone]:
    """Return what was removed from a portal's archive; raise `ArchiveError` if the file is not what it should be."""
    path = folder / FILE
    try:
        with os.fdopen(open_file(path), "rb") as file:
            return [Tombstone(**own | {"keys": tuple(own["keys"])}) for own in json.load(file) if own["keys"]]
    except FileNotFoundError:
        return []
    except (ValueError, TypeError, KeyError) as error:
        raise ArchiveError(f"{path}: not a list of removed articles ({error})") from error


def save_tombstones(folder: Path, tombstones: Iterable[Tombstone]) -> None:
    """Write the tombstones of a portal, replacing earlier ones."""
    text = json.dumps([asdict(tombstone) for tombstone in tombstones], ensure_ascii=False, indent=1) + "\n"
    replace_file(folder / FILE, lambda file: file.write(text.encode()))


@dataclass(frozen=True, slots=True)
class RemovedLines:
    """Recognise the lines of removed articles."""

    tombstones: Sequence[Tombstone]

    def __contains__(self, line: object) -> bool:
        """True if a line is a record of a removed article; False for what is no record."""
        if not self.tombstones or not isinstance(line, bytes):
            return False
        if match := LINE_BEGIN.match(line):
            url, post_id = match[1].decode(errors="replace"), None if match[2] == b"null" else int(match[2])
        else:
            try:
                record = orjson.loads(line)
                url, post_id = str(record["url"]), record["id"]
            except (ValueError, TypeError, KeyError):
                return False
        try:
            name = key(url)
        except ValueError:
            return False
        return any(tombstone.covers(name, post_id) for tombstone in self.tombstones)


NONE_REMOVED: Final = RemovedLines(())
