"""List a portal's folder once: which segments it has, sealed or not, by the names of its files alone."""

import os
import re
from functools import cached_property
from pathlib import Path
from typing import Final

from narayacrawl.archive.manifest import Manifest, read_manifest
from narayacrawl.archive.segment_files import JSONL, MANIFEST, PART, TEMPORARY

SEALED: Final = re.compile(r"(?P<name>\d{6}[\w-]*)\.jsonl(?:\.gz|\.zst)?")
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
    """The files of a portal's folder at one moment, sorted by name.

    A folder may hold tens of thousands, and every run begins with this: a segment is opened by none of it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files = sorted(os.listdir(folder))  # noqa: PTH208 - names, not seventy thousand paths

    @cached_property
    def sealed(self) -> dict[str, str]:
        """The file of each sealed segment, sorted by the segments' names: a compacted month stands before the runs of
        the same month.

        If compression was interrupted, a segment has a plain and a compressed file with the same lines: then the plain
        one.
        """
        segments: dict[str, str] = {}
        for file in self.files:
            if JSONL in file and (match := SEALED.fullmatch(file)):
                segments.setdefault(match["name"], file)
        return dict(sorted(segments.items()))

    @cached_property
    def parts(self) -> list[str]:
        """The segments that are not sealed."""
        return self._names_before(PART)

    @cached_property
    def manifests(self) -> list[str]:
        """The segments that have a manifest; the segment itself may not be there."""
        return self._names_before(MANIFEST)

    @property
    def temporary(self) -> list[Path]:
        """What an interrupted step has left of a file."""
        return [self.folder / file for file in self.files if file.endswith(TEMPORARY)]

    @cached_property
    def segments(self) -> set[str]:
        """The names of all segments, sealed or not."""
        return {file.partition(".")[0] for file in self.files if JSONL in file and not file.endswith(TEMPORARY)}

    @cached_property
    def files_of(self) -> dict[str, list[str]]:
        """The files of each segment, its manifest, too."""
        files: dict[str, list[str]] = {}
        for file in self.files:
            files.setdefault(file.partition(".")[0], []).append(file)
        return files

    @cached_property
    def replacing(self) -> dict[str, Manifest]:
        """The manifests of those segments that may replace others and do, whether or not the segment is there."""
        # Of a name that is a run's already, only a number at its end is left to look for.
        names = [name for name in self.manifests if (name.count("-") > 1 if name in self.runs else may_replace(name))]
        read = ((name, read_manifest(self.folder, name)) for name in names)
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

    def _names_before(self, ending: str) -> list[str]:
        return [file.removesuffix(ending) for file in self.files if file.endswith(ending)]
