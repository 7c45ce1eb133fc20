"""Doubt what a page says of itself where nothing else bears it out: its post id, its canonical address.

The sites of a WordPress multisite number their posts each from 1, and a theme may print one id or one canonical address
on all its pages. So an id or a canonical address that leads to another article needs a second witness: the address that
answered, the title, the name in the address, or that article's own page.
"""

import hashlib
from collections.abc import Collection, Sequence
from typing import Final, NamedTuple
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import update

from narayacrawl.language.numbers import read_number
from narayacrawl.ledger.database import transaction
from narayacrawl.ledger.identity import Candidate, FetchedArticles, find_candidates
from narayacrawl.ledger.tables import articles
from narayacrawl.urls import key

ENOUGH_HONEST: Final = 3
"""After so many canonical addresses that nobody knew and that led to the same article, such are believed."""


class Claim(NamedTuple):
    """What a page says of itself, as far as it tells which article it is."""

    asked: str
    """The address that was asked for."""
    answered: str
    """The address that answered."""
    canonical: str
    """The address that the page gives itself."""
    post_id: int | None
    title: str | None
    """The fingerprint of its title."""
    folder: str | None = None
    """Path of the WordPress site that made it (`/`, `/jabar/`); None if it does not tell."""

    def has_name_of(self, url: str) -> bool:
        """True if an address has the same name, the last part of its path, as the one that was asked for or answered,
        or if one of them is the address by the post's id."""
        own = (self.asked, self.answered)
        is_by_id = self.post_id is not None and any(_id_in(address) == self.post_id for address in (*own, url))
        return is_by_id or _name(url) in map(_name, own)


class Rival(NamedTuple):
    """An article that a page claims to be, by its id or by its canonical address alone."""

    article: int | None
    """Its id in the ledger; None if the ledger does not know it."""
    url: str
    """Where its own page is."""
    by_id: bool
    by_canonical: bool
    is_other: bool
    """True if it is certainly another article; else its own page must tell."""


class Witnesses:
    """Find the claims of pages that nothing bears out, and remember in one run which proved false."""

    def __init__(self, fetched: FetchedArticles) -> None:
        self.fetched = fetched
        self.ledger = fetched.ledger
        self._folders: set[str] = set()
        """Paths of the portal's WordPress sites, as its pages have told them."""
        self._false: set[str] = set()
        """Keys of canonical addresses that pages of other articles give themselves."""
        self._shared: set[int] = set()
        """Ledger ids of articles whose post id pages of others have, too."""
        self._honest = 0

    def rival(self, asked: int, claim: Claim, confirmed: Collection[str]) -> Rival | None:
        """Return the article that a page claims to be without a second witness; None if there is none. Those whose
        addresses are `confirmed` are the same article."""
        if claim.folder is not None:
            self._folders.add(claim.folder)
        own_keys, canonical = {key(claim.asked), key(claim.answered)}, key(claim.canonical)
        is_foreign = canonical not in own_keys
        candidates = self._candidates(asked, claim, [*own_keys | {canonical}])
        for own in candidates:
            leading = {other.key for other in candidates if other.article == own.article}
            by_id = claim.post_id is not None and own.post_id == claim.post_id
            by_canonical = is_foreign and canonical in leading
            is_same = own.article == asked or key(claim.answered) in leading or own.url in confirmed
            if is_same or not (by_id or by_canonical) or (own.title is not None and own.title == claim.title):
                continue
            known = next((other for other in candidates if other.article == asked), None)
            is_other = self._is_other(claim, own, known, by_id=by_id, by_canonical=by_canonical)
            if is_other is not None:
                return Rival(own.article, own.url, by_id, by_canonical, is_other)
        is_borne_out = not is_foreign or claim.has_name_of(claim.canonical) or claim.canonical in confirmed
        if is_borne_out or any(own.key == canonical for own in candidates):
            return None
        is_false = canonical in self._false
        if self._honest >= ENOUGH_HONEST and not is_false:
            return None
        return Rival(None, claim.canonical, by_id=False, by_canonical=True, is_other=is_false)

    def _is_other(
        self, claim: Claim, own: Candidate, known: Candidate | None, *, by_id: bool, by_canonical: bool
    ) -> bool | None:
        """True if a page is certainly another article than `own`, which it claims to be; False if that one's page must
        tell; None if nothing contradicts it. `known` is the article that was asked for."""
        if by_id and not by_canonical and self._is_of_another_site(claim, own.url):
            return True
        if own.title is None and claim.has_name_of(own.url):
            return None
        if not by_id:
            return None not in (claim.post_id, own.post_id) or key(claim.canonical) in self._false
        if own.shared_id or own.article in self._shared:
            return True
        is_itself = known is not None and known.revision > 0 and (known.post_id is None or known.title == claim.title)
        return is_itself and not by_canonical

    def _is_of_another_site(self, claim: Claim, url: str) -> bool:
        """True if another WordPress site of the portal made a page than the one that has an address."""
        path = urlsplit(url).path
        folder = max((folder for folder in self._folders if path.startswith(folder)), key=len, default=None)
        return claim.folder is not None and claim.folder != folder

    def _candidates(self, asked: int, claim: Claim, keys: Sequence[str]) -> list[Candidate]:
        """Return the articles that a page may be, those that are in hand as their pages tell."""
        in_hand = {fetched.article: fetched for fetched in self.fetched.in_hand()}
        found = []
        for own in find_candidates(self.ledger, asked, claim.post_id, keys):
            fetched = in_hand.get(own.article)
            post_id = fetched.post_id if fetched and fetched.post_id is not None else own.post_id
            found.append(own._replace(post_id=post_id, url=fetched.url, title=fetched.title) if fetched else own)
        for fetched in in_hand.values():
            led = fetched.keys & {*keys}
            if led or (claim.post_id is not None and fetched.post_id == claim.post_id):
                own = Candidate(
                    *(fetched.article, fetched.post_id, fetched.revision, fetched.hash, 0, 0),
                    *(fetched.url, fetched.title, 0, "pending", None),
                )
                found += [own._replace(key=name) for name in led or {None}]
        return found

    def confirm(self, rival: Rival) -> None:
        """Remember that a page was what it claimed to be."""
        self._honest += rival.article is None

    def disbelieve(self, rival: Rival, claim: Claim) -> Claim:
        """Remember that an article's post id or address stands on another one's page, too; return what is left of that
        page's claim."""
        if rival.by_canonical:
            self._false.add(key(claim.canonical))
        if rival.by_id and rival.article is not None and rival.article not in self._shared:
            self._shared.add(rival.article)
            with transaction(self.ledger.connection) as connection:
                own = articles.c.id == rival.article
                connection.execute(update(articles).where(own).values(shared_id=1))
        post_id = None if rival.by_id else claim.post_id
        return claim._replace(post_id=post_id, canonical=claim.answered if rival.by_canonical else claim.canonical)


def title_fingerprint(title: str | None) -> str | None:
    """Return a short hash of a title's letters and digits, by which spellings of it are compared; None for none."""
    folded = "".join(filter(str.isalnum, (title or "").casefold()))
    return hashlib.blake2b(folded.encode(errors="replace"), digest_size=8).hexdigest() if folded else None


def _name(url: str) -> str:
    """Return the last part of an address' path, or its query if it has none."""
    parts = urlsplit(url)
    return parts.path.rstrip("/").rpartition("/")[2].casefold() or f"?{parts.query}"


def _id_in(url: str) -> int | None:
    """Return the post id that an address has as its parameter `p`."""
    return read_number(parse_qs(urlsplit(url).query).get("p", [""])[0])
