"""Find the groups of copies among the articles of a text file, with all processors."""

import os
import signal
import threading
from array import array
from collections.abc import Iterator, Set
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from functools import lru_cache
from multiprocessing import get_context, parent_process
from typing import Final, TypeAlias

from narayacrawl.duplicates.candidates import Pair, candidate_pairs
from narayacrawl.duplicates.comparison import Similarity, Text, Weights, compare, sample_weights
from narayacrawl.duplicates.groups import Group, group_copies, order_of
from narayacrawl.duplicates.signature import BANDS, MIN_WORDS, bands_of, shingles_of, words_of
from narayacrawl.duplicates.text_file import TextFile
from narayacrawl.extensions.progress import Work

SAMPLED: Final = 2_000
"""So many texts, spread over all, tell which shingles are common."""
TEXTS_AT_ONCE: Final = 500
PAIRS_AT_ONCE: Final = 2_000
MIN_FOR_POOL: Final = 4_000
"""Fewer texts are done before other processes have begun."""
CACHED: Final = 1_000
"""So many texts a process keeps ready to be compared."""

Signatures: TypeAlias = tuple["array[int]", list["array[int]"]]
"""The numbers of the texts that are long enough, and an array of their values for each band."""


class Finder:
    """Finds copies among the texts of a file; a worker process gets a copy of it."""

    def __init__(self, texts: TextFile) -> None:
        texts.flush()
        self.texts = texts
        sample = range(0, len(texts), max(1, len(texts) // SAMPLED))
        self.weights, self.common = sample_weights(Text(texts[number]["body"] or "").shingles for number in sample)
        self._text = lru_cache(CACHED)(self._read)
        self.short = 0
        """How many texts were too short to be compared."""

    def groups(self, work: Work) -> list[Group]:
        """Return the groups of copies, sorted by when their first ones were published."""
        with _executor(self) as executor:
            numbers, bands = self._signatures(executor, work)
            self.short = len(self.texts) - len(numbers)
            work.begin("bands looked through")
            pairs = candidate_pairs(bands, numbers, work.each)
            similar = self._similar(executor, pairs, work)
        orders = {number: order_of(self.texts[number]) for number in {number for pair in similar for number in pair}}
        work.begin("articles grouped")
        return group_copies(similar, orders, self.similarity, work.each)

    def _signatures(self, executor: Executor | None, work: Work) -> Signatures:
        starts = range(0, len(self.texts), TEXTS_AT_ONCE)
        numbers, bands = array("I"), [array("I") for _ in range(BANDS)]
        work.begin("texts signed", len(self.texts))
        for own_numbers, own_bands in (
            map(self.signatures, starts) if executor is None else executor.map(_signatures, starts)
        ):
            numbers.extend(own_numbers)
            for band, own in zip(bands, own_bands, strict=True):
                band.extend(own)
            work.fetched = min(work.fetched + TEXTS_AT_ONCE, len(self.texts))
        return numbers, bands

    def signatures(self, start: int) -> Signatures:
        """Return the bands of the texts from one number on."""
        numbers, shingles = array("I"), []
        for number in range(start, min(start + TEXTS_AT_ONCE, len(self.texts))):
            words = words_of(self.texts[number]["body"] or "")
            if len(words) >= MIN_WORDS:
                numbers.append(number)
                shingles.append(shingles_of(words))
        rows = bands_of(shingles, self.common)
        return numbers, [array("I", band) for band in zip(*rows, strict=True)] or [array("I") for _ in range(BANDS)]

    def _similar(self, executor: Executor | None, pairs: list[Pair], work: Work) -> dict[Pair, Similarity]:
        work.begin("pairs compared", len(pairs))
        chunks = [pairs[start : start + PAIRS_AT_ONCE] for start in range(0, len(pairs), PAIRS_AT_ONCE)]
        similar: dict[Pair, Similarity] = {}
        for found in map(self.compared, chunks) if executor is None else executor.map(_compared, chunks):
            similar.update(found)
            work.fetched = min(work.fetched + PAIRS_AT_ONCE, len(pairs))
        return similar

    def compared(self, pairs: list[Pair]) -> list[tuple[Pair, Similarity]]:
        """Return those of the pairs that are alike."""
        return [(pair, similarity) for pair in pairs if (similarity := self.similarity(*pair))]

    def similarity(self, one: int, other: int) -> Similarity | None:
        """Compare two articles; the same page, kept in two archives, is no copy of itself."""
        (first_url, first), (second_url, second) = self._text(one), self._text(other)
        return None if first_url == second_url else compare(first, second, self.weights)

    def _read(self, number: int) -> tuple[str, Text]:
        record = self.texts[number]
        return record["url"], Text(record["body"] or "")

    def __getstate__(self) -> tuple[TextFile, Weights, Set[int]]:
        return self.texts, self.weights, self.common

    def __setstate__(self, state: tuple[TextFile, Weights, frozenset[int]]) -> None:
        self.texts, self.weights, self.common = state
        self._text = lru_cache(CACHED)(self._read)


# What a worker process does


_finder: list[Finder] = []


def _begin(finder: Finder) -> None:
    _finder.append(finder)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the command's own, who ends the pool
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End this process when its parent has gone without a word: nothing else would tell it."""
    if parent := parent_process():
        parent.join()
        os._exit(1)


def _signatures(start: int) -> Signatures:
    return _finder[0].signatures(start)


def _compared(pairs: list[Pair]) -> list[tuple[Pair, Similarity]]:
    return _finder[0].compared(pairs)


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Let processes begin: a SIGTERM waits, and Ctrl-C is nothing to this process and to them."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    on_terminate = signal.signal(signal.SIGTERM, lambda number, _: came.append(number))
    on_interrupt = signal.signal(signal.SIGINT, signal.SIG_IGN)  # which they inherit
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, on_terminate)
        signal.signal(signal.SIGINT, on_interrupt)
    for number in came:
        signal.raise_signal(number)


@contextmanager
def _executor(finder: Finder) -> Iterator[Executor | None]:
    """Give a pool of processes, one a processor; None where it would not pay."""
    if processors() == 1 or len(finder.texts) < MIN_FOR_POOL:
        yield None
        return
    # Not forked: a thread shows meanwhile how far the work is.
    context = get_context("spawn")
    executor = ProcessPoolExecutor(processors(), context, initializer=_begin, initargs=(finder,))
    try:
        # Each task begins a process; one that is left while it begins would print a traceback.
        with _undisturbed():
            for _ in range(processors()):
                executor.submit(os.getpid)
        yield executor
    finally:
        executor.shutdown(cancel_futures=True)
