"""Notice a redesign by the first run that meets it: read known articles again where listings are built otherwise."""

import logging
from collections.abc import Sequence
from typing import Final

from scrapy import signals
from scrapy.crawler import Crawler

from narayacrawl.archive.run import Run
from narayacrawl.language.english import counted
from narayacrawl.ledger.database import LedgerError, timestamp
from narayacrawl.ledger.discovered import DiscoveryResult
from narayacrawl.ledger.redesign import MIN_READ_AGAIN
from narayacrawl.ledger.structure import (
    ReadAgain,
    Suspicion,
    choose_known,
    make_due,
    read_again,
    read_structure,
    save_structure,
)
from narayacrawl.pages import ListingPage
from narayacrawl.pages.structure import NO_CHANCE, PageStructure
from narayacrawl.wordpress.frontier import Frontier

logger = logging.getLogger(__name__)

MAX_LISTINGS: Final = 2
"""Beside the front page: where one template is another, so is that of the next section."""


class StructureWatch:
    """Compare the listings that a run reads anyway with how they were built when articles were last read rightly.

    Where one is built otherwise, known articles are read again: if most are read as they were, that is how the portal
    is built now, and this run alone tells of it; else the run is not to be trusted, nor is any later one until they
    are, or the user accepts what they have become. They are looked at again on a widening scale, and as soon as the
    listings or the code change.
    """

    def __init__(self, crawler: Crawler, run: Run, frontier: Frontier) -> None:
        self.run = run
        self.ledger = run.ledger
        self.frontier = frontier
        self.stats = crawler.stats
        self.is_on = run.folder is not None and not run.scope.is_partial and not run.scope.fetches_nothing
        """False in a run that remembers nothing, or is not for the whole of the portal."""
        if not self.is_on:
            return
        self.remembered = read_structure(self.ledger)
        self.seen: dict[str, PageStructure] = {}
        self.like: dict[str, PageStructure | None] = {}
        """What each of them is built like; None if like nothing that is remembered."""
        self.differences: list[str] = []
        self.asked: list[int] = []
        """Ids of the articles that are read again because of them."""
        self.is_looked = False
        self.is_empty = False
        """True if one of them lists no articles any more."""
        self.is_certain = False
        """True if one of them is built otherwise, whatever articles it lists."""
        if self.remembered.suspicion is not None:  # those that have failed may be tried before a listing is read
            run.redesign.suspected.ids = frozenset(self.remembered.suspicion.asked)
        crawler.signals.connect(self.spider_closed, signal=signals.spider_closed)

    def see(self, name: str, page: ListingPage) -> None:
        """Compare a listing; `name` is `front page`, or its address' key."""
        if not self.is_on or name in self.seen:
            return
        variants = [PageStructure.from_json(own) for own in self.remembered.pages.get(name, [])]
        if not variants and len({*self.remembered.pages, *self.seen}) > MAX_LISTINGS:
            return
        now = self.seen[name] = PageStructure.of(page)
        told = [now.differences(former) for former in variants]
        self.like[name] = next((own for own, other in zip(variants, told, strict=True) if not other), None)
        if not variants or self.run.redesign.is_accepted:
            return
        if self.like[name] is not None:
            self._see_former(name)
        elif not self._is_waiting(name, now):
            self.is_empty = self.is_empty or bool(variants[0].entries and not now.entries)
            self.is_certain = self.is_certain or all(now.differences(former, NO_CHANCE) for former in variants)
            self.differences.append(f"{name}: {'; '.join(told[0])}")
            self._look()

    def _see_former(self, name: str) -> None:
        """End a suspicion where a listing is built as it was before: what it has cost is made good by this run."""
        suspicion = self.remembered.suspicion
        if suspicion is not None and name in suspicion.pages:
            logger.info("the portal's pages are built as they were before")
            self.remembered.suspicion = None
            self._make_due(suspicion.asked)

    def _is_waiting(self, name: str, now: PageStructure) -> bool:
        """True if a listing is built as it was when known articles were last read again, too short a time ago."""
        suspicion = self.remembered.suspicion
        if suspicion is None or suspicion.next <= timestamp() or suspicion.code != self.ledger.code:
            return False
        before = suspicion.pages.get(name)
        return before is not None and not now.differences(PageStructure.from_json(before))

    def see_unchanged(self, name: str) -> None:
        """Take a listing that was not answered anew for what it was when a run last read it."""
        suspicion = self.remembered.suspicion if self.is_on else None
        if suspicion and name in suspicion.pages and name not in self.seen and not self.run.redesign.is_accepted:
            now = self.seen[name] = PageStructure.from_json(suspicion.pages[name])
            self.like[name] = None
            if not self._is_waiting(name, now):
                self.differences.append(suspicion.told)
                self._look()

    def _look(self) -> None:
        """Have known articles be read again in this run, once."""
        if self.is_looked:
            return
        self.is_looked = True
        suspicion = self.remembered.suspicion
        self.asked = suspicion.asked if suspicion else choose_known(self.ledger, MIN_READ_AGAIN)
        self.run.redesign.suspected.ids = frozenset(self.asked)
        self.stats.set_value("narayacrawl/structure/changed", self.differences[0])
        logger.info("built otherwise (%s): %d known articles are read again", self.differences[0], len(self.asked))
        self._make_due(self.asked)

    def _make_due(self, ids: list[int]) -> None:
        make_due(self.ledger, ids)
        self.frontier.look_again(DiscoveryResult(changed=len(ids), known_ids=ids))

    # At the end

    def spider_closed(self, reason: str) -> None:
        """Judge the articles that were read again, and remember how the listings are built; of a run that has not come
        to its end, only the alarm of an earlier one holds."""
        try:
            if reason == "finished":
                self._conclude()
            if self.remembered.suspicion is not None and not self.run.redesign.is_accepted:
                self._raise_alarm(self.remembered.suspicion)
        except LedgerError as error:
            self.run.fail(error)

    def _conclude(self) -> None:
        again = read_again(self.ledger, self.asked)
        if 2 * (len(again.read) + len(again.lost)) < len(self.asked):
            return  # the run has not come to them
        if self.is_looked and self._is_redesigned(again):
            self._suspect(again)
            return
        if self.is_looked or self.run.redesign.is_accepted:
            self.remembered.suspicion = None
        if self.run.redesign.is_accepted:
            self.remembered.pages.clear()
        if self.is_looked and self.asked:
            self._tell_harmless(again)
        if self.remembered.suspicion is None:
            for name, now in self.seen.items():
                like = self.like[name]
                self.remembered.add(name, now.to_json(), is_like=like.to_json() if like else None)
        save_structure(self.ledger, self.remembered)

    def _is_redesigned(self, again: ReadAgain) -> bool:
        redesign = self.run.redesign
        return self.is_empty or bool(redesign.tell()) or 2 * len(again.lost) > len(self.asked)

    def _suspect(self, again: ReadAgain) -> None:
        """Remember that known articles are not read as they were."""
        told = self.run.redesign.tell()
        if told is None and again.lost:
            count = f"{len(again.lost)} of {len(self.asked)}"
            told = f"{count} known articles asked again are none ({again.reason}: {' '.join(again.lost[:2])})"
        if told is None:
            told = "it lists no articles any more"
        line = f"built otherwise ({self.differences[0]}), and {told}"
        before = self.remembered.suspicion
        suspicion = Suspicion(line, self.asked, self.ledger.code)
        suspicion.pages = {name: now.to_json() for name, now in self.seen.items() if self.like[name] is None}
        if before is not None:
            suspicion.since = before.since
        suspicion.postpone()
        self.remembered.suspicion = suspicion
        save_structure(self.ledger, self.remembered)

    def _tell_harmless(self, again: ReadAgain) -> None:
        """Tell that the portal is built otherwise and read as before: by an alarm where that is certain."""
        count = len(again.read)
        logger.info("%d of %d known articles are read as before", count, len(self.asked))
        if self.is_certain:
            line = f"built otherwise ({self.differences[0]}), and {counted(count, 'known article')} read as before"
            self._raise(line, again.read)
        else:
            self.stats.set_value("narayacrawl/structure/read_as_before", count)

    def _raise_alarm(self, suspicion: Suspicion) -> None:
        self._raise(suspicion.told)
        logger.error("redesign: %s", suspicion.told)

    def _raise(self, line: str, examples: Sequence[str] = ()) -> None:
        from narayacrawl.monitors.alarms import Alarm, raise_alarm

        raise_alarm(self.stats, Alarm("structure", line, examples))
