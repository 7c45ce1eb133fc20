import dataclasses
import os
import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pyarrow as pa
import pytest
from pyarrow import parquet

from narayacrawl.exporters.files import LinesFile, Output, OutputError
from narayacrawl.exporters.parquet import ParquetFile, record_schema
from narayacrawl.items import Article
from tests.archived import ARTICLE, article

KINDS = [
    pytest.param(LinesFile, "articles.jsonl", id="jsonl"),
    pytest.param(LinesFile, "articles.jsonl.gz", id="gzip"),
    pytest.param(LinesFile, "articles.jsonl.zst", id="zstd"),
    pytest.param(ParquetFile, "articles.parquet", id="parquet"),
]
Kind = Callable[[Path], Output]


def write(output: Output, *articles: Article) -> None:
    for one in articles:
        output.write(orjson.dumps(one))
    output.finish()
    output.place()


@contextmanager
def small_disk(size: int) -> Iterator[None]:
    """A disk that takes no file of more than so many bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize(("kind", "file"), KINDS)
def test_former_file_stays_until_the_new_one_is_whole(kind: Kind, file: str, tmp_path: Path) -> None:
    path = tmp_path / file
    path.write_bytes(b"former")
    output = kind(path)
    output.write(orjson.dumps(ARTICLE))
    output.finish()
    assert path.read_bytes() == b"former"
    output.place()
    assert path.read_bytes() != b"former"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(("kind", "file"), KINDS)
def test_what_was_begun_can_be_discarded(kind: Kind, file: str, tmp_path: Path) -> None:
    (tmp_path / file).write_bytes(b"former")
    output = kind(tmp_path / file)
    output.write(orjson.dumps(ARTICLE))
    output.discard()
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"former"]


@pytest.mark.parametrize(("kind", "file"), KINDS)
def test_full_disk_is_one_line_that_names_the_file(kind: Kind, file: str, tmp_path: Path) -> None:
    output = kind(tmp_path / file)
    with small_disk(100), pytest.raises(OutputError, match=rf"{file}: File too large$"):
        write(output, article(1), article(2))
    output.discard()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("kind", "file"), KINDS)
def test_what_a_killed_export_left_is_written_over(kind: Kind, file: str, tmp_path: Path) -> None:
    (tmp_path / f"{file}.tmp").write_bytes(b"torn" * 10_000)
    write(kind(tmp_path / file), ARTICLE)
    assert (tmp_path / file).stat().st_size < 20_000
    assert not (tmp_path / f"{file}.tmp").exists()


def test_of_two_exports_to_one_file_the_later_is_whole(tmp_path: Path) -> None:
    first, second = LinesFile(tmp_path / "a.jsonl"), LinesFile(tmp_path / "a.jsonl")
    first.write(b"1")
    second.write(b"2")
    first.finish()
    with pytest.raises(OutputError, match="another export to it began meanwhile"):
        first.place()
    first.discard()
    write(second)
    assert (tmp_path / "a.jsonl").read_bytes() == b"2\n"


def test_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "a.jsonl").symlink_to(tmp_path / "disk" / "b.jsonl")
    write(LinesFile(tmp_path / "a.jsonl"), ARTICLE)
    assert (tmp_path / "a.jsonl").is_symlink()
    assert (tmp_path / "disk" / "b.jsonl").stat().st_size > 0


def test_device_is_written_as_it_is() -> None:
    write(LinesFile(Path(os.devnull)), ARTICLE)
    assert not Path(os.devnull).is_file()


def test_compressed_file_is_the_same_each_time(tmp_path: Path) -> None:
    for file in ("a.jsonl.gz", "b.jsonl.gz"):
        write(LinesFile(tmp_path / file), ARTICLE)
    assert (tmp_path / "a.jsonl.gz").read_bytes() == (tmp_path / "b.jsonl.gz").read_bytes()


# Parquet


def test_parquet_holds_the_record(tmp_path: Path) -> None:
    other = article(
        2, id=None, modified="2025-11-26T00:00:00+09:00", tags=[], images=[], related=[], body="a\n\n“b” 😀"
    )
    write(ParquetFile(tmp_path / "a.parquet"), ARTICLE, other)
    table = parquet.read_table(tmp_path / "a.parquet")
    names = [field.name for field in dataclasses.fields(Article)]
    assert table.select(names).to_pylist() == [dataclasses.asdict(ARTICLE), dataclasses.asdict(other)]


def test_parquet_tells_moments_in_utc(tmp_path: Path) -> None:
    write(ParquetFile(tmp_path / "a.parquet"), ARTICLE)
    [row] = (
        parquet.read_table(tmp_path / "a.parquet").select(["date_utc", "modified_utc", "fetched_at_utc"]).to_pylist()
    )
    assert row == {
        "date_utc": datetime(2025, 11, 24, 16, 30, tzinfo=UTC),
        "modified_utc": None,
        "fetched_at_utc": datetime(2025, 11, 25, 2, 0, tzinfo=UTC),
    }


def test_parquet_without_articles_has_the_columns(tmp_path: Path) -> None:
    write(ParquetFile(tmp_path / "a.parquet"))
    table = parquet.read_table(tmp_path / "a.parquet")
    assert (table.num_rows, table.schema.names[: len(record_schema())]) == (0, record_schema().names)


@pytest.mark.parametrize(
    ("column", "kind"),
    [
        ("id", pa.int64()),
        ("tags", pa.list_(pa.field("element", pa.string()))),
        ("related", pa.list_(pa.field("element", pa.struct([("title", pa.string()), ("url", pa.string())])))),
        ("date", pa.string()),
        ("date_precision", pa.string()),
        ("free", pa.bool_()),
        ("site_name", pa.string()),
        ("sections", pa.list_(pa.field("element", pa.string()))),
        ("words", pa.int64()),
        ("media", pa.list_(pa.field("element", pa.struct([("kind", pa.string()), ("url", pa.string())])))),
        ("date_utc", pa.timestamp("us", "UTC")),
    ],
)
def test_parquet_has_proper_types(column: str, kind: pa.DataType, tmp_path: Path) -> None:
    write(ParquetFile(tmp_path / "a.parquet"), ARTICLE)
    assert parquet.read_schema(tmp_path / "a.parquet").field(column).type == kind


def test_parquet_is_written_in_row_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    size = len(orjson.dumps(article(1))) + 1
    monkeypatch.setattr("narayacrawl.exporters.parquet.PARSED_AT_ONCE", 2 * size)
    monkeypatch.setattr("narayacrawl.exporters.parquet.ROW_GROUP", 4 * size)
    write(ParquetFile(tmp_path / "a.parquet"), *(article(number) for number in range(9)))
    file = parquet.ParquetFile(tmp_path / "a.parquet")
    assert [file.metadata.row_group(index).num_rows for index in range(file.num_row_groups)] == [4, 4, 1]
    assert file.read()["id"].to_pylist() == list(range(9))


def test_parquet_is_compressed_with_zstandard(tmp_path: Path) -> None:
    write(ParquetFile(tmp_path / "a.parquet"), ARTICLE)
    assert parquet.ParquetFile(tmp_path / "a.parquet").metadata.row_group(0).column(0).compression == "ZSTD"


def test_record_of_another_form_is_one_line(tmp_path: Path) -> None:
    output = ParquetFile(tmp_path / "a.parquet")
    output.write(b'{"url":1}')
    with pytest.raises(OutputError, match=r"a\.parquet: JSON parse error: .*number") as raised:
        output.finish()
    assert "\n" not in str(raised.value)
    output.discard()
