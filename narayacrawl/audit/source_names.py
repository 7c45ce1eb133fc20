"""A run that fetches no article: what the portal's sources name, kept in memory until it is held against an archive."""

from collections.abc import Sequence
from dataclasses import replace

from narayacrawl.archive.run import RunLedger
from narayacrawl.ledger import discovery
from narayacrawl.ledger.discovered import Named
from narayacrawl.ledger.discovery import REST, Seen, Source
from narayacrawl.ledger.ledger import Ledger
from narayacrawl.ledger.tables import transaction


class Names(Ledger):
    """What the sources name. The REST API tells of edits to the second: of what it names, the others' days do not
    count."""

    __slots__ = ()

    def note(self, named: Sequence[Named], source: Source) -> Seen:
        if source != REST:
            with transaction(self.connection) as connection:
                keys, posts = discovery.known(connection, self.portal, named)
            owners = [discovery.owner(one, keys, posts) for one in named]
            named = [
                replace(one, lastmod=None) if own is not None and own.rest else one
                for one, own in zip(named, owners, strict=True)
            ]
        return super().note(named, source)


class NamesLedger(RunLedger):
    """The ledger of a run without ARCHIVE that draws nothing; whoever reads what was named in it closes it."""

    ledger_class = Names

    def _ledger(self, url: str) -> Ledger:
        ledger = super()._ledger(url)
        ledger.is_names_only = True
        return ledger

    def engine_stopped(self) -> None:
        """Nothing: the ledger stays open."""
