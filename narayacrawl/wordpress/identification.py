"""Find out which article a page is: hear what it says of itself, and ask the pages of others where that is in doubt."""

import logging

from scrapy.http import HtmlResponse, Response

from narayacrawl.archive.run import Run
from narayacrawl.downloader.fetch import GONE, asked_url
from narayacrawl.ledger.identity import Identity
from narayacrawl.ledger.witnesses import Claim, Rival, Witnesses, title_fingerprint
from narayacrawl.pages import ArticlePage, PageRefused
from narayacrawl.sources.discovery import Discovery
from narayacrawl.sources.rest_posts import Fetch
from narayacrawl.urls import clean_url, key

logger = logging.getLogger(__name__)


class Undecided(Exception):
    """Which article a page is depends on a page that does not come: one line."""


class Identification:
    """Identify the pages of one run."""

    def __init__(self, run: Run, discovery: Discovery, fetch: Fetch) -> None:
        self.run = run
        self.discovery = discovery
        self.portal = discovery.portal
        self.fetch = fetch
        self.witnesses = Witnesses(run.fetched)

    async def identify(self, page: ArticlePage, response: Response, article: int) -> Identity:
        """Take the article in hand that a page is, asked for as the one with this id in the ledger. Raises `Undecided`
        if nobody can tell now."""
        claim = Claim(
            asked=asked_url(response),
            answered=clean_url(response.url),
            canonical=self.portal.canonical(page),
            post_id=page.id,
            title=title_fingerprint(page.title),
            folder=page.site_folder,
        )
        confirmed: set[str] = set()
        while rival := self.witnesses.rival(article, claim, confirmed):
            if not rival.is_other and await self.is_same(page, claim, rival):
                self.witnesses.confirm(rival)
                confirmed.add(rival.url)
                continue
            what = " and ".join(["post id"] * rival.by_id + ["canonical address"] * rival.by_canonical)
            self.discovery.count("identity/contradicted")
            logger.info("%s of another article on %s: not believed (%s)", what, claim.answered, rival.url)
            claim = self.witnesses.disbelieve(rival, claim)
        identify = self.run.fetched.identify
        return identify(article, claim.post_id, claim.canonical, claim.asked, claim.answered, title=claim.title)

    async def is_same(self, page: ArticlePage, claim: Claim, rival: Rival) -> bool:
        """True if a page is the article that it claims to be: that one's address leads to it, answers the same text, or
        is the address of another post now, or of none, and so its id has moved."""
        response = await self.fetch(self.portal.localise(rival.url))
        self.discovery.count("identity/asked")
        if response is None or (response.status != 200 and response.status not in GONE):
            raise Undecided(
                f"{response.status if response else 'no answer'} at {rival.url}, whose id or address it has"
            )
        answered = key(response.url)
        if answered == key(claim.answered):
            return True
        if response.status in GONE or answered == key(self.portal.base) or not isinstance(response, HtmlResponse):
            return rival.by_id
        try:
            other = self.portal.read_article(response)
        except PageRefused as error:
            raise Undecided(f"{error} at {rival.url}, whose id or address it has") from error
        if other.rejection:
            if rival.by_id:
                raise Undecided(f"{other.rejection} at {rival.url}, whose id it has")
            return False
        if rival.by_id and other.id is not None and other.id != page.id:
            return True
        return title_fingerprint(other.title) == claim.title or _have_same_text(page, other)


def _have_same_text(page: ArticlePage, other: ArticlePage) -> bool:
    """True if most of two articles' paragraphs are the same."""
    own, others = ({block.text for block in each.body.blocks} for each in (page, other))
    return 2 * len(own & others) > max(len(own), len(others))
