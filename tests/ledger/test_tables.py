"""How a ledger is opened, and when it is not."""

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from narayacrawl.ledger import database, tables
from narayacrawl.ledger.database import LedgerError, check, ledger_url, open_ledger, timestamp, transaction
from narayacrawl.ledger.discovered import LISTING, DiscoveredArticle
from narayacrawl.ledger.ledger import Ledger
from narayacrawl.ledger.runs import begin_run
from narayacrawl.ledger.tables import runs, schema


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "ledger.db"


def test_new_ledger_has_the_schema_of_this_code_and_wal(path: Path) -> None:
    open_ledger(f"sqlite:///{path}").close()
    with sqlite3.connect(path) as plain:
        assert plain.execute("SELECT version FROM schema").fetchone() == (tables.SCHEMA,)
        assert plain.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    plain.close()


def complaint(path: Path, url: str = "") -> str:
    with pytest.raises(LedgerError) as error:
        open_ledger(url or f"sqlite:///{path}").close()
    return str(error.value).replace(str(path), "PATH")


def test_ledger_of_another_schema_is_refused_with_what_to_do(path: Path) -> None:
    connection = open_ledger(f"sqlite:///{path}")
    with transaction(connection):
        connection.execute(update(schema).values(version=99))
    connection.close()
    assert complaint(path).startswith("ledger PATH has schema 99, this narayacrawl knows 6: use the narayacrawl that")


def test_other_database_is_refused(path: Path) -> None:
    path.parent.mkdir()
    with sqlite3.connect(path) as plain:
        plain.execute("CREATE TABLE kucing (nama)")
    plain.close()
    assert complaint(path) == "PATH is no ledger: name another with -s LEDGER="


def test_file_that_is_no_database_is_refused_and_kept(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("bukan basis data " * 400)
    assert complaint(path).startswith("ledger PATH: file is not a database: move it away")
    assert path.read_text().startswith("bukan basis data")


def test_ledger_with_a_broken_page_is_refused(path: Path) -> None:
    connection = open_ledger(f"sqlite:///{path}")
    urls = [f"https://portal.example/daerah/berita-{number}/" for number in range(2_000)]
    Ledger(connection, "portal").record_discovered([DiscoveredArticle(url) for url in urls], LISTING)
    connection.close()
    broken(path)
    assert "scrapy ledger rebuild" in complaint(path)


def broken(path: Path) -> None:
    """Break the page in the middle of a ledger."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 4096] = b"\xff" * 4096
    path.write_bytes(content)


@pytest.fixture
def large(path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A ledger that counts as too large to be looked through each time."""
    connection = open_ledger(f"sqlite:///{path}")
    urls = [f"https://portal.example/daerah/berita-{number}/" for number in range(2_000)]
    Ledger(connection, "portal").record_discovered([DiscoveredArticle(url) for url in urls], LISTING)
    connection.close()
    monkeypatch.setattr(database, "SMALL_FILE", 0)
    return path


def test_large_ledger_that_was_checked_this_week_is_opened_without(large: Path) -> None:
    broken(large)
    connection = open_ledger(f"sqlite:///{large}")
    with pytest.raises(LedgerError, match="scrapy ledger rebuild"):
        check(connection)
    connection.close()


def test_large_ledger_is_checked_once_a_week(large: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken(large)
    monkeypatch.setattr(database, "CHECK_INTERVAL", timedelta(seconds=-1))
    assert "scrapy ledger rebuild" in complaint(large)


def test_large_ledger_is_checked_after_a_run_that_was_killed(large: Path) -> None:
    connection = open_ledger(f"sqlite:///{large}")
    begin_run(connection, "portal", "portal", {})
    with transaction(connection):
        connection.execute(update(schema).values(checked=timestamp(-timedelta(hours=1))))
        connection.execute(update(runs).values(started=timestamp()))
    connection.close()
    broken(large)
    assert "scrapy ledger rebuild" in complaint(large)


def test_locked_ledger_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_ledger(f"sqlite:///{path}").close()
    monkeypatch.setattr(database, "LOCK_TIMEOUT", 0.1)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    assert complaint(path) == "ledger PATH: database is locked: another process holds it; run again when it has ended"
    other.close()


@pytest.mark.parametrize(
    ("setting", "url"),
    [
        ("sqlite:///%(archive)s/ledger.db", "sqlite:////archive/ledger.db"),
        ("sqlite:///data/ledger.db", "sqlite:////project/data/ledger.db"),
        ("sqlite:////var/ledger.db", "sqlite:////var/ledger.db"),
        ("sqlite:///:memory:", "sqlite:///:memory:"),
        ("postgresql:///ledger", "postgresql:///ledger"),
        ("", "sqlite://"),
    ],
)
def test_setting_names_a_file_beside_the_project_or_in_the_archive(
    setting: str, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "closest_scrapy_cfg", lambda: "/project/scrapy.cfg")
    assert ledger_url(setting, Path("/archive")) == url


@pytest.mark.parametrize("url", ["data/ledger.db", "mysql://localhost/ledger", "postgresql:///ledger"])
def test_what_is_no_address_of_sqlite_is_refused(path: Path, url: str) -> None:
    assert complaint(path, url).startswith(f"LEDGER={url}")
