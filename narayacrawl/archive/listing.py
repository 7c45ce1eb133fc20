"""List a portal's folder once: which segments it has, sealed or not, by the names of its files alone."""

import os
import re
from collections import defaultdict
from functools import cached_property
from itertools import compress
from pathlib import Path
from typing import Final

from narayacrawl.archive.manifest import Manifest, read_manifest
from narayacrawl.archive.segment_files import JSONL, MANIFEST, PART, TEMPORARY

SEALED: Final = (JSONL, f"{JSONL}.gz", f"{JSONL}.zst")
"""How the files of sealed segments end."""
SEGMENT: Final = re.compile(r"\d{6}[\w-]*")
RUN: Final = re.compile(r"\d{8}T\d{6}Z-(?P<run>\d{6,})(?P<again>-\d+)?")
MONTH: Final = re.compile(r"(?P<month>\d{6})-(?P<first>\d{6,})-(?P<last>\d{6,})(?:-\d+)?")

MANY_SEGMENTS: Final = 1_000
MANY_PAST_SEGMENTS: Final = 100
"""A reader opens each of them."""


def may_replace(name: str) -> bool:
    """True if a segment with this name may replace others: it is none that a run has written."""
    match = RUN.fullmatch(name)
    return match is None or match["again"] is not None


class Listing:
    """The files of a portal's folder at one moment.

    A folder may hold tens of thousands, and every run begins with this: a segment is opened by none of it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._names: defaultdict[str, list[str]] = defaultdict(list)
        """What stands before the first dot of the files' names, by what follows."""
        for file in os.listdir(folder):  # noqa: PTH208 - names, not seventy thousand paths
            name, dot, ending = file.partition(".")
            self._names[dot + ending].append(name)

    @cached_property
    def sealed(self) -> dict[str, str]:
        """The file of each sealed segment, sorted by the segments' names: a compacted month stands before the runs of
        the same month.

        If compression was interrupted, a segment has a plain and a compressed file with the same lines: then the plain
        one.
        """
        endings = {name: ending for ending in reversed(SEALED) for name in self._names[ending]}
        return {name: name + endings[name] for name in sorted(endings) if SEGMENT.fullmatch(name)}

    @cached_property
    def parts(self) -> list[str]:
        """The segments that are not sealed, sorted."""
        return sorted(self._names[PART])

    @cached_property
    def manifests(self) -> frozenset[str]:
        """The segments that have a manifest; the segment itself may not be there."""
        return frozenset(self._names[MANIFEST])

    @property
    def temporary(self) -> list[Path]:
        """What an interrupted step has left of a file, sorted."""
        found = ((ending, names) for ending, names in self._names.items() if ending.endswith(TEMPORARY))
        return sorted(self.folder / f"{name}{ending}" for ending, names in found for name in names)

    @cached_property
    def segments(self) -> frozenset[str]:
        """The names of all segments, sealed or not."""
        return frozenset().union(*(self._names[ending] for ending in (*SEALED, PART)))

    @cached_property
    def files_of(self) -> dict[str, list[str]]:
        """The files of each segment, its manifest, too, sorted."""
        files: dict[str, list[str]] = {}
        for ending in sorted(self._names):
            for name in self._names[ending]:
                files.setdefault(name, []).append(name + ending)
        return files

    @cached_property
    def replacing(self) -> dict[str, Manifest]:
        """The manifests of those segments that may replace others and do, whether or not the segment is there."""
        # Of a name that is a run's already, only a number at its end is left to look for.
        may = (name.count("-") > 1 if name in self.runs else may_replace(name) for name in self.manifests)
        names = compress(self.manifests, may)
        read = ((name, read_manifest(self.folder, name)) for name in sorted(names))
        return {name: manifest for name, manifest in read if manifest is not None and manifest.replaces}

    @property
    def replaced(self) -> set[str]:
        """The names of the segments that a sealed one stands for, whether or not they are still there."""
        return {name for own in self.replacing.keys() & self.sealed.keys() for name in self.replacing[own].replaces}

    @cached_property
    def runs(self) -> dict[str, int]:
        """The number of the run of each segment that is a single run's."""
        matches = ((name, RUN.fullmatch(name)) for name in self.segments)
        return {name: int(match["run"]) for name, match in matches if match}

    @property
    def last_run(self) -> int:
        """The highest number of a run in the segments' names; 0 if there is none."""
        months = (MONTH.fullmatch(name) for name in self.segments - self.runs.keys())
        return max([0, *self.runs.values(), *(int(match["last"]) for match in months if match)])

    def due_for_compaction(self, month: str) -> int:
        """Return how many segments of single runs there are, if they are to be merged: because they are many, or are
        of months before this one (`202512`), which will get no more; else 0."""
        past = sum(name[:6] < month for name in self.runs)
        return len(self.runs) if len(self.runs) > MANY_SEGMENTS or past > MANY_PAST_SEGMENTS else 0
