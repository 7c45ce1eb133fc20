"""What the WARC of a run keeps of its answers, and of the articles that were read from them."""

import errno
import json
import os
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from narayacrawl.archive import warc_writer
from narayacrawl.archive.raw_pages import RawPages
from narayacrawl.archive.warc import WARC, sealed_warcs, warc_folder
from narayacrawl.downloader.raw_pages import Exchange
from narayacrawl.ledger.kept_pages import ArticleAnswers, KeptAnswer, KeptPage, newest_page
from narayacrawl.ledger.ledger import FetchedArticle
from tests.archived import article
from tests.crash.warcs import Record, records_of
from tests.ledger.opened import A, B, LedgerRun, opened

NAME = "20260105T020000Z-000001"
INFO = {"software": "narayacrawl/1", "arguments": '{"since": "2026-01-01"}', "http-header-user-agent": "dua\r\nbaris"}


class Kept:
    """A ledger's run whose answers are kept, without a crawl."""

    def __init__(self, run: LedgerRun, folder: Path, name: str = NAME, *, waits: bool = False) -> None:
        self.run = run
        self.folder = folder
        self.failures: list[Exception] = []
        self.pages = RawPages(
            folder, name, run.ledger, INFO, "https://portal.example/", self.failures.append, waits_for_articles=waits
        )
        self.asked = 0

    def answer(self, url: str, body: bytes = b"<p>Kabar", status: int = 200, article: int | None = None) -> KeptAnswer:
        """Have an answer kept."""
        self.asked += 1
        head = b"HTTP/1.1 %d \r\nContent-Length: %d\r\n\r\n" % (status, len(body))
        moment = f"2026-01-05T02:00:{self.asked:02d}.000000Z"
        request = b"GET / HTTP/1.1\r\n\r\n"
        exchange = Exchange(url, moment, request, b"", head, body, status, "127.0.0.7", False, True, article)
        return self.pages.keep(exchange)  # type: ignore[return-value]

    def fetched(self, url: str) -> FetchedArticle:
        self.run.discover([url])
        found = self.run.identify(self.run.article_at(url), None, url, url, url)
        assert found is not None
        return found

    def acknowledge(
        self, fetched: FetchedArticle, *pages: KeptAnswer, rest: KeptAnswer | None = None
    ) -> list[KeptPage]:
        """Have an article that was read from these answers acknowledged."""
        item = article(1)
        item.url = fetched.url
        fetched.answers = ArticleAnswers([*pages], rest, 7 if rest else None)
        size, kept = self.pages.keep_articles([(fetched, item)], "Asia/Jakarta")
        self.run.ledger.acknowledge([fetched], warc=size, kept=kept)
        self.run.fetched.discard(fetched.article)
        return kept

    @property
    def records(self) -> dict[int, Record]:
        [path] = warc_folder(self.folder).glob(f"{self.pages.writer.name}{WARC}*")
        return records_of(path.read_bytes())

    @property
    def kinds(self) -> list[str]:
        return [record.kind for record in self.records.values() if record.kind != "request"][1:]


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    with opened(tmp_path / "ledger.db") as run:
        yield Kept(run, tmp_path)


def later(tmp_path: Path, run: LedgerRun) -> Kept:
    """The next run."""
    return Kept(run, tmp_path, "20260106T020000Z-000002")


def test_the_file_begins_with_what_tells_of_its_run(kept: Kept) -> None:
    kept.answer(A)
    first, *_ = kept.records.values()
    assert first.kind == "warcinfo"
    assert first.content.decode().splitlines() == [
        "software: narayacrawl/1", 'arguments: {"since": "2026-01-01"}', "http-header-user-agent: dua baris"
    ]  # fmt: skip


def test_a_run_that_is_answered_nothing_has_no_file(kept: Kept) -> None:
    kept.pages.close(is_valid=True)
    assert list(kept.folder.rglob("*.warc*")) == []


def test_each_answer_has_its_request(kept: Kept) -> None:
    kept.answer(A, status=301, body=b"")
    kept.answer(B)
    told = [(record.kind, record.uri, record.status) for record in kept.records.values()][1:]
    assert told == [("response", A, "301"), ("request", A, "/"), ("response", B, "200"), ("request", B, "/")]


def test_an_article_is_told_with_its_pages_and_its_post(kept: Kept) -> None:
    fetched = kept.fetched(A)
    pages = kept.answer(A, b"satu", article=fetched.article), kept.answer(f"{A}2/", b"dua")
    rest = kept.answer("https://portal.example/wp-json/wp/v2/posts", b"[]")
    [page] = kept.acknowledge(fetched, *pages, rest=rest)
    told = kept.records[page.offset]
    item = article(1)
    assert (told.kind, told.uri) == ("metadata", f"urn:article:{A}")
    assert json.loads(told.content) == {
        "url": A, "id": item.id, "portal": item.portal, "revision": fetched.revision, "fetched_at": item.fetched_at,
        "timezone": "Asia/Jakarta", "base": "https://portal.example/",
        "pages": [{"id": own.record, "offset": own.offset} for own in pages],
        "rest": {"id": rest.record, "offset": rest.offset, "post": 7},
    }  # fmt: skip
    assert [kept.records[own.offset].content for own in pages if own.offset] == [b"satu", b"dua"]
    assert newest_page(kept.run.connection, fetched.article) == page


def test_the_same_payload_again_is_a_revisit_and_leaves_the_kept_page(kept: Kept, tmp_path: Path) -> None:
    fetched = kept.fetched(A)
    [page] = kept.acknowledge(fetched, kept.answer(A, article=fetched.article))
    with opened(tmp_path / "ledger.db") as run:
        again = later(tmp_path, run)
        fetched = again.fetched(A)
        fetched.is_changed = False
        assert again.acknowledge(fetched, again.answer(A, article=fetched.article)) == []
        assert (again.kinds, newest_page(run.connection, fetched.article)) == (["revisit"], page)


def test_a_line_that_is_written_of_the_same_payload_has_a_page_of_its_own(kept: Kept, tmp_path: Path) -> None:
    fetched = kept.fetched(A)
    kept.acknowledge(fetched, kept.answer(A, article=fetched.article))
    with opened(tmp_path / "ledger.db") as run:
        again = later(tmp_path, run)
        fetched = again.fetched(A)
        [page] = again.acknowledge(fetched, again.answer(A, article=fetched.article))
        assert (again.kinds, newest_page(run.connection, fetched.article)) == (
            ["revisit", "response", "metadata"],
            page,
        )


def test_another_payload_is_the_kept_page_from_then_on(kept: Kept, tmp_path: Path) -> None:
    fetched = kept.fetched(A)
    kept.acknowledge(fetched, kept.answer(A, article=fetched.article))
    with opened(tmp_path / "ledger.db") as run:
        again = later(tmp_path, run)
        fetched = again.fetched(A)
        [page] = again.acknowledge(fetched, again.answer(A, b"lain", article=fetched.article))
        assert (again.kinds, newest_page(run.connection, fetched.article)) == (["response", "metadata"], page)


def test_a_split_article_is_kept_whole_though_its_first_page_is_known(kept: Kept, tmp_path: Path) -> None:
    fetched = kept.fetched(A)
    kept.acknowledge(fetched, kept.answer(A, article=fetched.article), kept.answer(f"{A}2/", b"dua"))
    with opened(tmp_path / "ledger.db") as run:
        again = later(tmp_path, run)
        fetched = again.fetched(A)
        pages = again.answer(A, article=fetched.article), again.answer(f"{A}2/", b"dua, disunting")
        [page] = again.acknowledge(fetched, *pages)
        told = json.loads(again.records[page.offset].content)
        named = [again.records[own["offset"]] for own in told["pages"]]
        assert [(own.kind, own.id, own.content) for own in named] == [
            ("response", told["pages"][0]["id"], b"<p>Kabar"), ("response", told["pages"][1]["id"], b"dua, disunting")
        ]  # fmt: skip


def test_a_page_that_only_another_article_has_is_kept_whole(kept: Kept) -> None:
    first, second = kept.fetched(A), kept.fetched(B)
    kept.acknowledge(first, kept.answer(A, article=first.article))
    kept.pages._recent.clear()
    [page] = kept.acknowledge(second, kept.answer(B, article=first.article))  # it was asked for as the other one
    [named] = json.loads(kept.records[page.offset].content)["pages"]
    assert kept.records[named["offset"]].kind == "response"


def test_what_a_run_asks_for_twice_is_kept_once(kept: Kept) -> None:
    first, second = kept.answer(A), kept.answer(A)
    fetched = kept.fetched(A)
    [page] = kept.acknowledge(fetched, kept.answer(A, article=fetched.article))
    assert (second, kept.kinds) == (first, ["response", "revisit", "revisit", "metadata"])
    assert page.record == first.record


@pytest.mark.parametrize(("status", "body"), [(404, b"tidak ada"), (200, b"")])
def test_only_pages_are_revisited(kept: Kept, status: int, body: bytes) -> None:
    kept.answer(A, body, status)
    kept.answer(A, body, status)
    assert kept.kinds == ["response", "response"]


def test_what_is_not_modified_refers_to_the_kept_page(kept: Kept, tmp_path: Path) -> None:
    fetched = kept.fetched(A)
    [page] = kept.acknowledge(fetched, kept.answer(A, article=fetched.article))
    assert kept.answer(A, b"", 304, fetched.article) is None
    assert kept.answer("https://portal.example/feed/", b"", 304) is None
    kept.pages.writer.close()
    content = b"".join(kept_headers(warc_folder(tmp_path)))
    assert content.count(b"revisit/server-not-modified") == 2
    assert content.count(f"WARC-Refers-To-Date: {page.moment}".encode()) == 1
    assert content.count(f"WARC-Refers-To-Target-URI: {A}\r\n".encode()) == 1


def kept_headers(folder: Path) -> Iterator[bytes]:
    import gzip

    yield from (gzip.decompress(path.read_bytes()) for path in folder.iterdir())


def test_a_page_that_may_not_be_kept_waits_until_its_article_is_acknowledged(tmp_path: Path) -> None:
    with opened(tmp_path / "ledger.db") as run:
        kept = Kept(run, tmp_path, waits=True)
        first, second = kept.fetched(A), kept.fetched(B)
        kept.answer(A, b"tidak untuk disimpan", article=first.article)
        [page] = kept.acknowledge(second, kept.answer(B, article=second.article))
        [named] = json.loads(kept.records[page.offset].content)["pages"]
        assert [record.uri for record in kept.records.values() if record.kind == "response"] == [B]
        assert kept.records[named["offset"]].content == b"<p>Kabar"


def test_it_is_sealed_at_the_end_and_takes_nothing_more(kept: Kept) -> None:
    kept.answer(A)
    kept.pages.close(is_valid=True)
    assert kept.answer(B) is None
    assert [*sealed_warcs(kept.folder)] == [NAME]
    assert len(kept.records) == 3


def full(descriptor: int, data: bytes) -> int:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_full_disk_fails_the_run_once_and_nothing_counts_behind_it(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched = kept.fetched(A)
    answer = kept.answer(A, article=fetched.article)
    monkeypatch.setattr(warc_writer, "os", SimpleNamespace(**vars(os) | {"write": full}))
    assert [kept.answer(B), kept.answer(B)] == [None, None]
    assert len(kept.failures) == 1
    monkeypatch.undo()
    with pytest.raises(OSError, match="No space left"):
        kept.acknowledge(fetched, answer)
    kept.pages.close(is_valid=False)
    assert [*sealed_warcs(kept.folder)] == []
