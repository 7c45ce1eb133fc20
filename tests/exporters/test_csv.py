import csv
import gzip
from pathlib import Path

import orjson
import pytest

from narayacrawl.exporters.csv import FIELDS
from narayacrawl.exporters.files import lines_output
from narayacrawl.items import Article, Image, Media, RelatedLink
from tests.archived import ARTICLE, article

SITE = "https://a.example"


def written(tmp_path: Path, *articles: Article | dict[str, object], file: str = "a.csv") -> bytes:
    output = lines_output(str(tmp_path / file))
    for one in articles:
        output.write(orjson.dumps(one))
    output.finish()
    output.place()
    return (tmp_path / file).read_bytes()


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(content.decode("utf-8-sig").splitlines(keepends=True)))


def test_file_begins_with_the_byte_order_mark_and_the_fields(tmp_path: Path) -> None:
    assert written(tmp_path) == b"\xef\xbb\xbf" + ",".join(FIELDS).encode() + b"\r\n"


def test_text_of_several_lines_is_one_cell(tmp_path: Path) -> None:
    [row] = rows(written(tmp_path, ARTICLE))
    assert (row["title"], row["body"]) == (ARTICLE.title, ARTICLE.body)


@pytest.mark.parametrize(
    ("field", "value", "cell"),
    [
        ("tags", ["dermaga", "muara, hulu"], "dermaga; muara, hulu"),
        ("sections", [], ""),
        ("images", [Image(f"{SITE}/1.jpg", "Kapal"), Image(f"{SITE}/2.jpg")], f"{SITE}/1.jpg; {SITE}/2.jpg"),
        ("media", [Media("video", "https://a.example/v")], "https://a.example/v"),
        ("related", [RelatedLink("Pasar", "https://a.example/p/")], "https://a.example/p/"),
        ("id", None, ""),
        ("words", 9, "9"),
        ("free", False, "false"),
        ("free", None, ""),
        ("title", '=HYPERLINK("https://a.example")', """'=HYPERLINK("https://a.example")"""),
        ("title", "+62 jadi kode telepon", "'+62 jadi kode telepon"),
        ("title", "-5 derajat di puncak", "'-5 derajat di puncak"),
        ("tags", ["@redaksi", "=1+1"], "'@redaksi; =1+1"),
        ("title", "＝1+1", "'＝1+1"),
        ("title", "Harga naik = pembeli turun", "Harga naik = pembeli turun"),
    ],
)  # fmt: skip
def test_cell_of_a_value(field: str, value: object, cell: str, tmp_path: Path) -> None:
    [row] = rows(written(tmp_path, article(1, **{field: value})))
    assert row[field] == cell


def test_field_that_an_old_line_lacks_is_empty(tmp_path: Path) -> None:
    [row] = rows(written(tmp_path, {"url": "https://a.example/", "title": "Lama"}))
    assert (row["title"], row["standfirst"]) == ("Lama", "")


def test_compressed_table_is_the_same(tmp_path: Path) -> None:
    plain = written(tmp_path, ARTICLE)
    assert gzip.decompress(written(tmp_path, ARTICLE, file="a.csv.gz")) == plain
