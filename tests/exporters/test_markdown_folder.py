"""A folder of Markdown files: names, what a second export does, and what it leaves alone."""

from pathlib import Path
from typing import Any

import orjson
import pytest

from narayacrawl.archive.images import image_path
from narayacrawl.exporters.files import OutputError, write_all
from narayacrawl.exporters.markdown_folder import MarkdownFolder, file_name
from tests.exporters.test_markdown import GOLDEN


def article(number: int, **fields: Any) -> dict[str, Any]:
    own = {"id": number, "url": f"https://kabar.example/ekonomi/harga-{number}/", "date": "2025-12-14T21:35:12+07:00"}
    return GOLDEN[0] | own | fields


def export(folder: Path, *records: dict[str, Any], images: Path | None = None) -> None:
    write_all(map(orjson.dumps, records), [lambda: MarkdownFolder(folder, images=images)], [])


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*.md"))


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({}, "2025-12-14-harga-7-7.md"),
        ({"url": "https://kabar.example/2025/12/Harga_Cabai%20Rawit.html"}, "2025-12-14-harga-cabai-rawit-html-7.md"),
        ({"url": "https://kabar.example/?p=7"}, "2025-12-14-7.md"),
        ({"url": "https://kabar.example/caf%C3%A9/"}, "2025-12-14-cafe-7.md"),
        ({"url": "https://kabar.example/%E6%96%B0%E9%97%BB/"}, "2025-12-14-7.md"),
        ({"url": "https://kabar.example/..%2F..%2Fetc%2Fpasswd/", "date": None}, "undated-passwd-7.md"),
        ({"url": "https://kabar.example/con/", "id": None}, "2025-12-14-con-f9a400cea1e4.md"),
        ({"url": f"https://kabar.example/{'panjang-' * 60}/"}, f"2025-12-14-{'panjang-' * 9}panjang-7.md"),
    ],
)
def test_name_is_of_day_address_and_id(fields: dict[str, Any], name: str) -> None:
    assert file_name(article(7) | fields) == name


def test_revisions_have_names_of_their_own() -> None:
    assert file_name(article(7, revision=2), has_revision=True) == "2025-12-14-harga-7-7-r2.md"


def test_addresses_that_differ_in_case_share_no_file() -> None:
    own = [article(0, id=None, url=f"https://kabar.example/{slug}/") for slug in ("Harga", "harga", "HARGA")]
    assert len({file_name(record).lower() for record in own}) == 3


def test_second_export_brings_the_folder_up_to_date(tmp_path: Path) -> None:
    folder = tmp_path / "kabar"
    export(folder, article(1), article(2), article(3))
    (folder / "catatan.md").write_text("milik saya")
    before = {path.name: path.stat().st_mtime_ns for path in folder.glob("2*.md")}
    export(folder, article(1), article(3, title="Judul lain"), article(4))
    first, third, fourth = map(file_name, (article(1), article(3), article(4)))
    assert names(folder) == [first, third, fourth, "catatan.md"]
    assert (folder / first).stat().st_mtime_ns == before[first], "what says the same is not written again"
    assert "# Judul lain" in (folder / third).read_text()
    assert [path.name for path in tmp_path.rglob("*tmp*")] == []


def test_folder_is_whole_or_as_it_was(tmp_path: Path) -> None:
    folder = tmp_path / "kabar"
    export(folder, article(1))
    for target in (folder, tmp_path / "baru"):
        with pytest.raises(orjson.JSONDecodeError):
            write_all([orjson.dumps(article(2)), b"{"], [lambda target=target: MarkdownFolder(target)], [])  # type: ignore[misc]
    assert (names(folder), (tmp_path / "baru").exists()) == ([file_name(article(1))], False)
    assert list(tmp_path.rglob("*.tmp")) == []


def test_interrupted_export_is_made_good_by_the_next(tmp_path: Path) -> None:
    folder = tmp_path / "kabar"
    export(folder, article(1))
    killed = MarkdownFolder(folder)
    killed.write(orjson.dumps(article(2)))
    killed.finish()
    (killed._new / ".narayacrawl").replace(folder / ".narayacrawl")  # it dies at its second file
    export(folder, article(3))
    assert names(folder) == [file_name(article(3))]


@pytest.mark.parametrize("place", ["kabar", "kabar.tmp"])
def test_folder_of_something_else_is_left_alone(tmp_path: Path, place: str) -> None:
    (tmp_path / place).mkdir()
    (tmp_path / place / "catatan.txt").write_text("milik saya")
    with pytest.raises(OutputError, match=r"holds other files|is in the way"):
        export(tmp_path / "kabar", article(1))
    assert (tmp_path / place / "catatan.txt").read_text() == "milik saya"


def test_kept_image_is_linked(tmp_path: Path) -> None:
    own = [{"url": f"https://kabar.example/{name}.jpg", "caption": None, "credit": None} for name in "ab"]
    (tmp_path / "images" / "full").mkdir(parents=True)
    (tmp_path / "images" / image_path(own[0]["url"] or "")).write_bytes(b"x")
    export(tmp_path / "kabar", article(1, images=own), images=tmp_path / "images")
    text = (tmp_path / "kabar" / file_name(article(1))).read_text()
    assert f"![](../images/{image_path(own[0]['url'] or '')})" in text
    assert "![](https://kabar.example/b.jpg)" in text
