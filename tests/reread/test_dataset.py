"""A data set holds the articles of each WARC file once, however often it is written, in folders by month and portal."""

from pathlib import Path

import pytest
from pyarrow import parquet

from narayacrawl.reread.dataset import begin, end, file_key, write_source
from narayacrawl.reread.foreign_files import NoFiles
from narayacrawl.reread.storage import list_files, shown
from tests.reread.warcs import answer, article_page, packed, page_record, page_url, record


@pytest.fixture
def source(tmp_path: Path) -> tuple[str, int]:
    """A WARC file of two portals and two months."""
    path = tmp_path / "a.warc.gz"
    older = article_page(7).replace(b"2025-11-24", b"2025-10-02")
    other = record(answer(older), "https://warta.example:8080/berita/perahu-ke-7")
    path.write_bytes(packed(page_record(1), page_record(2), other) + b"rusak")
    return str(path), path.stat().st_size


def write(source: tuple[str, int], target: Path) -> list[tuple[str, int]]:
    """Do all of a job; return what was read."""
    waiting = begin(str(target), [source])
    for own in waiting:
        write_source(*own, str(target))
    end(str(target))
    return waiting


def test_folders_are_by_month_and_portal(source: tuple[str, int], tmp_path: Path) -> None:
    target = tmp_path / "set"
    assert write(source, target) == [source]
    key = file_key(source[0])
    assert sorted(str(path.relative_to(target)) for path in target.rglob("*.*") if path.suffix == ".parquet") == [
        f"month=2025-10/portal=warta.example%3A8080/{key}-00000.parquet",
        f"month=2025-11/portal=kabar-sungai.example/{key}-00000.parquet",
    ]
    table = parquet.read_table(target)
    assert sorted(zip(*(table[name].to_pylist() for name in ("portal", "month", "url")), strict=True)) == [
        ("kabar-sungai.example", "2025-11", page_url(1)),
        ("kabar-sungai.example", "2025-11", page_url(2)),
        ("warta.example:8080", "2025-10", "https://warta.example:8080/berita/perahu-ke-7"),
    ]
    assert (target / "_SUCCESS").exists()


def test_what_is_done_is_told_again_and_not_read_again(source: tuple[str, int], tmp_path: Path) -> None:
    target = tmp_path / "set"
    write(source, target)
    first = write_source(*source, str(target))
    Path(source[0]).unlink()
    assert write(source, target) == []
    assert write_source(*source, str(target)) == first
    assert (first.articles, first.counts, len(first.files)) == (3, {"broken record": 1}, 2)


def test_what_a_killed_job_left_goes(source: tuple[str, int], tmp_path: Path) -> None:
    target = tmp_path / "set"
    write(source, target)
    folder = target / "month=2025-11" / "portal=kabar-sungai.example"
    key = file_key(source[0])
    left = [folder / f"{key}-00009.parquet", folder / f".{key}-00000.parquet.1a2b3c4d.tmp"]
    for path in left:
        path.write_bytes(b"")
    (target / "_done" / f"{key}.json").unlink()
    assert begin(str(target), [source]) == [source]
    assert not (target / "_SUCCESS").exists()
    assert not any(path.exists() for path in left)
    write(source, target)
    assert parquet.read_table(target).num_rows == 3


def test_a_file_that_has_changed_is_read_again(source: tuple[str, int], tmp_path: Path) -> None:
    target = tmp_path / "set"
    write(source, target)
    path = Path(source[0])
    path.write_bytes(packed(page_record(5)))
    changed = (source[0], path.stat().st_size)
    assert write(changed, target) == [changed]
    assert parquet.read_table(target)["url"].to_pylist() == [page_url(5)]


def test_a_folder_with_other_files_is_refused(source: tuple[str, int], tmp_path: Path) -> None:
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "catatan.txt").write_bytes(b"")
    with pytest.raises(NoFiles, match="holds other files"):
        begin(str(tmp_path / "set"), [source])


def test_files_are_listed_once_with_their_sizes(source: tuple[str, int], tmp_path: Path) -> None:
    assert list_files([str(tmp_path), source[0]]) == dict([source])


def test_no_key_is_told() -> None:
    assert shown("s3://key:secret@news/warc?scheme=http&secret_key=x") == "s3://news/warc"
