"""Images of articles, kept beside the archive: what a crawl asks for, what it keeps, and what it makes of the rest."""

import hashlib
import json
import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from scrapy import Request

from narayacrawl.archive.images import ImageRegister, image_address, image_path, image_urls
from tests.conftest import Portal, Scrapy
from tests.portals import Crawl, Post, WordPress, crawl

UPLOADS = "/wp-content/uploads/2026/01"


def serve(press: WordPress, name: str, content: bytes, status: int = 200, location: str = "") -> str:
    """Answer an upload; return its address."""
    headers = {"Content-Type": "image/jpeg"} | ({"Location": location} if location else {})
    press.server.add(f"{UPLOADS}/{name}", content.decode(errors="surrogateescape"), status, **headers)
    return press.at(f"{UPLOADS}/{name}")


def picture(kind: str = "JPEG", size: tuple[int, int] = (64, 48), colour: str = "teal") -> bytes:
    written = BytesIO()
    Image.new("RGB", size, colour).save(written, kind)
    return written.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few hundred bytes that says it is so large."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(99))) + chunk(b"IEND", b"")
    )


@pytest.fixture
def press(portal: Portal) -> WordPress:
    return WordPress(portal)


def publish(press: WordPress, **images: list[str]) -> None:
    """Publish articles with these images, each by its address, and list them on the front page."""
    posts = [Post(int(number.removeprefix("post"))) for number in images]
    press.open(posts)
    for post, urls in zip(posts, images.values(), strict=True):
        figures = "".join(f'<figure><img src="{url}"></figure>' for url in urls)
        press.server.add(post.path, press.article(post, content=f"<p>{post.texts[0]}</p>{figures}"))


def run(scrapy: Scrapy, press: WordPress, folder: Path, *args: str) -> Crawl:
    settings = (f"ARCHIVE={folder / 'data'}", f"IMAGES_STORE={folder / 'images'}")
    return crawl(scrapy, press.server.url, "source=listing", *settings, *args)


def test_image_is_kept_as_it_was_sent(scrapy: Scrapy, press: WordPress, tmp_path: Path) -> None:
    photo, drawing = picture(), picture("PNG")
    own = [serve(press, "panen.jpg", photo), serve(press, "peta.png", drawing)]
    publish(press, post7=own, post8=own[:1])
    done = run(scrapy, press, tmp_path)
    assert done.status == 0, done.log
    kept = {str(path.relative_to(tmp_path / "images")): path.read_bytes() for path in tmp_path.glob("images/full/*")}
    assert kept == {image_path(own[0]): photo, image_path(own[1]): drawing}
    assert press.server.asked.count(f"{UPLOADS}/panen.jpg") == 1, "an image of two articles is asked for once"
    assert [image["url"] for image in done.articles[0]["images"]] in (own, own[:1])
    [register] = tmp_path.glob("images/*.images.jl")
    told = {line["url"]: line["sha256"] for line in map(json.loads, register.read_text().splitlines())}
    assert told == {own[0]: hashlib.sha256(photo).hexdigest(), own[1]: hashlib.sha256(drawing).hexdigest()}


@pytest.mark.slow
def test_what_is_no_image_of_the_portal_costs_no_article(scrapy: Scrapy, press: WordPress, tmp_path: Path) -> None:
    asked = [
        serve(press, "halaman.jpg", b"<h1>Masuk dahulu</h1>"),
        serve(press, "gambar.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        serve(press, "bom.png", bomb(60_000, 60_000)),
        serve(press, "terpotong.jpg", picture(size=(400, 300))[:-600]),
        serve(press, "kosong.jpg", b""),
        serve(press, "hilang.jpg", b"", 404),
        serve(press, "rusak.jpg", b"", 500),
        serve(press, "besar.jpg", b"\xff\xd8" + bytes(300_000)),
        serve(press, "keluar.jpg", b"", 302, location="http://127.0.0.2/lain.jpg"),
        serve(press, "pindah.jpg", b"", 301, location=press.at(f"{UPLOADS}/asli.jpg")),
        press.at(f"{UPLOADS}/../../../../etc/passwd.jpg"),
        "http://cdn.contoh.example/foto.jpg",
    ]
    serve(press, "asli.jpg", picture())
    publish(press, post7=asked)
    done = run(scrapy, press, tmp_path, "DOWNLOAD_MAXSIZE=200000")
    assert (done.status, done.ids) == (0, [7]), done.log
    assert "Traceback" not in done.log
    assert [path.name for path in tmp_path.glob("images/full/*")] == [Path(image_path(asked[9])).name]
    assert (done.stat("image/kept"), done.stat("image/refused"), done.stat("image/failed")) == (1, 1, 10)
    lost = ImageRegister(tmp_path / "images", press.server.url.split("/")[2]).read()
    reasons = {own.url.rpartition("/")[2]: own.lost for own in lost.values() if own.lost}
    assert "rusak.jpg" not in reasons, "a server's error may pass"
    assert (reasons["hilang.jpg"], reasons["bom.png"]) == ("status 404", "more than 50000000 pixels")
    for name in ("halaman.jpg", "gambar.svg", "terpotong.jpg", "kosong.jpg"):
        assert reasons[name] == "no image that can be read"
    assert not list(tmp_path.rglob("*passwd*"))


@pytest.mark.slow
def test_unchanged_portal_is_asked_for_no_image(scrapy: Scrapy, press: WordPress, tmp_path: Path) -> None:
    publish(press, post7=[serve(press, "panen.jpg", picture()), press.at(f"{UPLOADS}/hilang.jpg")])
    run(scrapy, press, tmp_path)
    press.server.asked.clear()
    done = run(scrapy, press, tmp_path, f"urls={press.at(Post(7).path)}")
    assert done.stat("article/read") == 1, done.log
    assert not [path for path in press.server.asked if path.startswith(UPLOADS)]


@pytest.mark.slow
def test_budget_of_requests_ends_images_too(scrapy: Scrapy, press: WordPress, tmp_path: Path) -> None:
    publish(press, post7=[serve(press, f"panen-{number}.jpg", picture()) for number in range(20)])
    done = run(scrapy, press, tmp_path, "REQUEST_BUDGET=12")
    assert (done.status, done.ids, done.stat("image/failed")) == (0, [7], 0), done.log
    assert 0 < done.stat("image/kept") < 20
    # What is left is fetched when the article is looked at again.
    again = run(scrapy, press, tmp_path, f"urls={press.at(Post(7).path)}")
    assert done.stat("image/kept") + again.stat("image/kept") == 20


@pytest.mark.slow
@pytest.mark.parametrize(
    ("settings", "line"),
    [
        (lambda folder: ["IMAGES_STORE=s3://gambar/arsip"], "is no folder: audit and removal look at the files"),
        (lambda folder: [f"IMAGES_STORE={folder / 'berkas'}"], "is no folder"),
    ],
)
def test_store_that_is_no_folder_is_one_line(
    scrapy: Scrapy, tmp_path: Path, settings: Callable[[Path], list[str]], line: str
) -> None:
    (tmp_path / "berkas").write_text("")
    done = crawl(scrapy, "http://127.0.0.1:9/", *settings(tmp_path))
    assert (done.status, len(done.log.splitlines())) == (2, 1)
    assert line in done.log


@pytest.mark.parametrize(
    ("url", "ending"),
    [
        ("https://kabar.example/a.jpg", ".jpg"),
        ("https://kabar.example/a.PNG?w=3", ".png"),
        ("https://kabar.example/a.php?x=../../b.webp", ".jpg"),
        ("https://kabar.example/a.html", ".jpg"),
        ("https://kabar.example/foto panen ñ.webp#besar", ".webp"),
    ],
)
def test_file_is_named_by_the_address_that_is_asked_for(url: str, ending: str) -> None:
    asked = Request(image_address(url)).url
    assert image_path(url) == f"full/{hashlib.sha1(asked.encode()).hexdigest()}{ending}"
    assert image_path(asked) == image_path(url)


def test_article_of_many_images_asks_for_two_hundred() -> None:
    assert len(image_urls([{"url": f"https://kabar.example/{number}.jpg"} for number in range(900)] * 2)) == 200


def test_line_that_a_kill_has_torn_hides_no_other(tmp_path: Path) -> None:
    register = ImageRegister(tmp_path, "kabar")
    register.add_kept("https://kabar.example/a.jpg", b"a")
    with register.path.open("ab") as file:
        file.write(b'{"url":"https://kabar.example/b.jpg","fi')
    register.add_lost("https://kabar.example/c.jpg", "status 404")
    assert [(own.url[-5:], own.lost) for own in register.read().values()] == [("a.jpg", None), ("c.jpg", "status 404")]


@pytest.mark.slow
def test_images_that_do_not_come_are_soon_asked_for_no_more(scrapy: Scrapy, press: WordPress, tmp_path: Path) -> None:
    own = [serve(press, f"rusak-{number}.jpg", b"", 503) for number in range(60)]
    publish(press, post7=own, post8=own)
    done = run(scrapy, press, tmp_path)
    assert (done.status, done.ids) == (0, [7, 8]), done.log
    asked = [path for path in press.server.asked if path.startswith(UPLOADS)]
    assert len(asked) < 10
    assert 60 <= done.stat("image/failed") + done.stat("image/left") <= 120
