"""Keep the answers of a run in its WARC, and tell which of them each article was read from."""

import json
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

import orjson

from narayacrawl.archive.warc import ARTICLE, WARC, seal_warc
from narayacrawl.archive.warc_records import digest_of
from narayacrawl.archive.warc_writer import LEVEL, STORED, WarcWriter, make_record_id
from narayacrawl.downloader.raw_pages import Exchange
from narayacrawl.items import Article
from narayacrawl.ledger.database import LedgerError
from narayacrawl.ledger.kept_pages import KeptAnswer, KeptPage, newest_page
from narayacrawl.ledger.ledger import FetchedArticle, Ledger
from narayacrawl.ledger.runs import acknowledge_warc, mark_warc_sealed, name_warc

PROFILES: Final = "http://netpreserve.org/warc/1.1/revisit/"
MAX_REMEMBERED: Final = 1_000
"""Addresses whose last payload is remembered: one that is asked for again in a run mostly is soon."""


class RawPages:
    """The WARC of one run, begun with its first answer.

    An answer is written when it comes, and counts once a batch of articles, or the run's end, is acknowledged. After an
    error of the disk or the ledger nothing more is written, and `acknowledge` raises it.
    """

    def __init__(
        self,
        folder: Path,
        name: str,
        ledger: Ledger,
        info: Mapping[str, str],
        base: str,
        fail: Callable[[Exception], None],
        *,
        waits_for_articles: bool = False,
    ) -> None:
        self.folder = folder
        self.ledger = ledger
        self.info = info
        """What the `warcinfo` record says."""
        self.base = base
        """An address of the portal, as it is crawled."""
        self.fail = fail
        """Called with the first error of disk or ledger that an answer meets."""
        self.waits_for_articles = waits_for_articles
        """True if an article's page is written when the article is acknowledged: it may say that it is not to be
        kept."""
        self.writer = WarcWriter(folder, name)
        self._recent: OrderedDict[str, KeptAnswer] = OrderedDict()
        """The last payload of an address, of those that were kept last."""
        self._failed: Exception | None = None
        self._is_closed = False

    def keep(self, exchange: Exchange) -> KeptAnswer | None:
        """Write an answer and its request; return where its payload is. None if the run has failed or ended."""
        if self._failed is not None or self._is_closed:
            return None
        try:
            if not self.writer.size:
                self._begin()
            return self._write(exchange)
        except (OSError, LedgerError) as error:
            self._failed = error
            self.fail(error)
            return None

    def _begin(self) -> None:
        name_warc(self.ledger.connection, self.ledger.run, self.writer.name)
        content = "".join(f"{name}: {' '.join(value.split())}\r\n" for name, value in self.info.items())
        headers = {"WARC-Filename": f"{self.writer.name}{WARC}"}
        self.writer.write("warcinfo", "", headers, content.encode("utf-8", "replace"))

    def _write(self, exchange: Exchange) -> KeptAnswer | None:
        headers = _headers(exchange)
        if exchange.status == 304:
            known = self._newest(exchange)
            self._write_revisit(exchange, headers | _refers_to(known), "server-not-modified")
            return None
        digest = digest_of(exchange.body)
        headers["WARC-Payload-Digest"] = digest
        is_page = exchange.status == 200 and exchange.is_get and bool(exchange.body)
        kept = self._recent.get(exchange.url) if is_page else None
        if kept is not None and kept.digest == digest:
            self._write_revisit(exchange, headers | _refers_to(kept), "identical-payload-digest")
            return kept
        known = self._newest(exchange) if is_page else None
        if known is not None and known.digest == digest:
            self._write_revisit(exchange, headers | _refers_to(known), "identical-payload-digest")
            return KeptAnswer(exchange.url, exchange.moment, headers["WARC-Record-ID"], digest, None, exchange)
        if is_page and self.waits_for_articles and exchange.article is not None:
            return KeptAnswer(exchange.url, exchange.moment, headers["WARC-Record-ID"], digest, None, exchange)
        kept = self._write_response(exchange, headers)
        if is_page:
            self._remember(kept)
        return kept

    def _write_response(self, exchange: Exchange, headers: Mapping[str, str]) -> KeptAnswer:
        level = STORED if exchange.is_compressed else LEVEL
        record, offset = self.writer.write(
            "response", exchange.url, headers, exchange.body, head=exchange.head, level=level
        )
        self._write_request(exchange, record)
        return KeptAnswer(exchange.url, exchange.moment, record, headers["WARC-Payload-Digest"], offset)

    def _newest(self, exchange: Exchange) -> KeptPage | None:
        return newest_page(self.ledger.connection, exchange.article) if exchange.article is not None else None

    def _remember(self, kept: KeptAnswer) -> None:
        self._recent[kept.uri] = kept
        self._recent.move_to_end(kept.uri)
        if len(self._recent) > MAX_REMEMBERED:
            self._recent.popitem(last=False)

    def _write_revisit(self, exchange: Exchange, headers: dict[str, str], profile: str) -> None:
        headers["WARC-Profile"] = f"{PROFILES}{profile}"
        self.writer.write("revisit", exchange.url, headers, b"", head=exchange.head)
        self._write_request(exchange, headers["WARC-Record-ID"])

    def _write_request(self, exchange: Exchange, answer: str) -> None:
        headers = {"WARC-Concurrent-To": answer, "WARC-Date": exchange.moment}
        self.writer.write("request", exchange.url, headers, exchange.request_body, head=exchange.request)

    # What articles were read from

    def keep_articles(
        self, articles: Iterable[tuple[FetchedArticle, Article]], timezone: str | None
    ) -> tuple[int, list[KeptPage]]:
        """Write what tells which answers articles were read from, and wait until all that was written is on the disk;
        return the file's size, and the pages of those articles whose kept page is another one now.

        Raises the error that the run has failed with.
        """
        if self._failed is not None:
            raise self._failed
        try:
            pages = [page for fetched, item in articles if (page := self._keep_article(fetched, item, timezone))]
            return self.writer.sync(), pages
        except OSError as error:
            self._failed = error
            raise

    def _keep_article(self, fetched: FetchedArticle, item: Article, timezone: str | None) -> KeptPage | None:
        answers = fetched.answers
        if answers is None:
            return None
        known = newest_page(self.ledger.connection, fetched.article)
        is_same = known is not None and known.digest == answers.pages[0].digest and len(answers.pages) == 1
        if is_same and not fetched.is_changed:  # else its line is not the one that was read from that
            return None
        pages = [self._whole(answer) for answer in answers.pages]
        first = pages[0]
        rest = _place(self._whole(answers.rest)) | {"post": answers.post} if answers.rest else None
        content: dict[str, Any] = {"url": item.url, "id": item.id, "portal": item.portal}
        content |= {"revision": fetched.revision, "fetched_at": item.fetched_at}
        content |= {"timezone": timezone, "base": self.base}
        content |= {"pages": [_place(page) for page in pages], "rest": rest}
        headers = {"WARC-Refers-To": first.record, "Content-Type": "application/json"}
        _, offset = self.writer.write("metadata", f"{ARTICLE}{item.url}", headers, orjson.dumps(content))
        return KeptPage(fetched.article, offset, first.uri, first.moment, first.record, first.digest)

    def _whole(self, answer: KeptAnswer) -> KeptAnswer:
        """Return an answer whose payload is in this file; it is written now if only another one has it."""
        if answer.offset is not None:
            return answer
        exchange: Exchange = answer.exchange
        return self._write_response(exchange, _headers(exchange) | {"WARC-Payload-Digest": answer.digest})

    def close(self, *, is_valid: bool) -> None:
        """Seal the file, if there is one; what is not valid is left to the next run, which cuts it back."""
        self._is_closed = True
        try:
            if not is_valid or self._failed is not None or not self.writer.size:
                return
            size = self.writer.sync()
        finally:
            self.writer.close()
        acknowledge_warc(self.ledger.connection, self.ledger.run, size)
        seal_warc(self.folder, self.writer.name, self.writer.records)
        mark_warc_sealed(self.ledger.connection, self.ledger.run)


def describe_run(ledger: Ledger, spider: str, arguments: Mapping[str, Any], user_agent: str) -> dict[str, str]:
    """Return what the `warcinfo` record says of a run."""
    try:
        installed = version("narayacrawl")
    except PackageNotFoundError:  # it runs from its source alone
        installed = "unknown"
    return {
        "software": f"narayacrawl/{installed} (code {ledger.code})",
        "format": "WARC File Format 1.1",
        "http-header-user-agent": user_agent,
        "portal": ledger.portal,
        "run": str(ledger.run),
        "spider": spider,
        "arguments": json.dumps(dict(arguments), ensure_ascii=False, sort_keys=True, default=str),
    }


def _headers(exchange: Exchange) -> dict[str, str]:
    headers = {"WARC-Record-ID": make_record_id(), "WARC-Date": exchange.moment}
    if exchange.ip_address:
        headers["WARC-IP-Address"] = exchange.ip_address
    return headers


def _refers_to(known: KeptAnswer | KeptPage | None) -> dict[str, str]:
    """Return the headers of a `revisit` that name the record with its payload."""
    if known is None:
        return {}
    return {
        "WARC-Refers-To": known.record,
        "WARC-Refers-To-Target-URI": known.uri,
        "WARC-Refers-To-Date": known.moment,
    }


def _place(answer: KeptAnswer) -> dict[str, Any]:
    return {"id": answer.record, "offset": answer.offset}
