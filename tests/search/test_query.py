import sqlite3
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from narayacrawl.exporters.sqlite import TOKENIZER
from narayacrawl.search.query import MAX_WORDS, QueryError, full_text_query

TEXTS = {
    1: "Harga beras naik",
    2: "Beras murah, harga tetap",
    3: "Harganya turun: anak-anak makan di kafe",
    4: "Café itu AND OR NOT NEAR(beras)",
    5: "Naik Rp15.000 harga barang",
}


@pytest.fixture(scope="module")
def words() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.execute(f"CREATE VIRTUAL TABLE words USING fts5(text, tokenize='{TOKENIZER}')")
    connection.executemany("INSERT INTO words (rowid, text) VALUES (?, ?)", TEXTS.items())
    return connection


def found(words: sqlite3.Connection, asked: str) -> list[int]:
    statement = "SELECT rowid FROM words WHERE words MATCH ? ORDER BY rowid"
    return [row[0] for row in words.execute(statement, [full_text_query(asked)])]


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [
        ("harga beras", [1, 2]),
        ("HARGA  Beras", [1, 2]),
        ('"harga beras"', [1]),
        ("“harga beras”", [1]),
        ('"harga beras', [1]),
        ("harga*", [1, 2, 3, 5]),
        ("harga* naik", [1, 5]),
        ("anak-anak", [3]),
        ("cafe", [4]),
        ("cafe\u0301", [4]),
        ("AND", [4]),
        ("harga AND beras", []),
        ("-beras", [1, 2, 4]),
        ("text:beras", []),
        ("NEAR(beras", [4]),
        ("harga - beras", [1, 2]),
        ("harga * beras", [1, 2]),
        ("Rp15.000", [5]),
        ("beras'", [1, 2, 4]),
        ("^harga", [1, 2, 5]),
        ("(beras", [1, 2, 4]),
        ('be"ras', []),
    ],
)
def test_words_are_found(asked: str, numbers: list[int], words: sqlite3.Connection) -> None:
    assert found(words, asked) == numbers


@pytest.mark.parametrize("asked", ["", "  ", "*", "-", '"', '""', "()", "…", "\udcff", "\0"])
def test_no_word_is_refused(asked: str) -> None:
    with pytest.raises(QueryError, match="no word to search for"):
        full_text_query(asked)


def test_many_words_are_taken_and_too_many_refused(words: sqlite3.Connection) -> None:
    assert found(words, "beras " * MAX_WORDS) == [1, 2, 4]
    with pytest.raises(QueryError, match=f"more than {MAX_WORDS} words"):
        full_text_query("beras " * (MAX_WORDS + 1))


@given(st.text(st.characters() | st.sampled_from('"*-:^(){}+ \0'), max_size=30))
def test_no_character_means_anything(asked: str) -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(f"CREATE VIRTUAL TABLE words USING fts5(text, tokenize='{TOKENIZER}')")
        try:
            query = full_text_query(asked)
        except QueryError:
            return
        connection.execute("SELECT * FROM words WHERE words MATCH ?", [query]).fetchall()
