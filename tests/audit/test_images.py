"""`scrapy audit -s IMAGES_STORE=…`: images of archived articles that are missing or damaged."""

from pathlib import Path

import pytest
from PIL import Image

from narayacrawl.archive.images import ImageRegister, image_path
from tests.conftest import ROOT, Portal, Scrapy
from tests.pipelines.test_images import picture, publish, run, serve
from tests.portals import QUICK, Post, WordPress


@pytest.mark.slow
def test_missing_and_damaged_images_are_found_and_mended(scrapy: Scrapy, portal: Portal, tmp_path: Path) -> None:
    press = WordPress(portal)
    own = [serve(press, f"panen-{number}.jpg", picture(colour=f"#00{number}")) for number in range(4)]
    publish(press, post7=[*own, press.at("/hilang.jpg"), "http://cdn.contoh.example/foto.jpg"], post8=own[:2])
    run(scrapy, press, tmp_path)
    files = [tmp_path / "images" / image_path(url) for url in own]
    files[0].unlink()
    with Image.open(files[1]) as image:
        image.transpose(Image.Transpose.FLIP_LEFT_RIGHT).resize((9, 9)).save(files[1])
    files[2].write_bytes(b"")
    settings = [*QUICK[:-1], f"ARCHIVE={tmp_path / 'data'}", f"IMAGES_STORE={tmp_path / 'images'}"]
    options = [word for setting in settings for word in ("-s", setting)]
    audit = ["audit", "wordpress", "-a", f"url={portal.url}", "-a", "source=listing", *options]
    found = scrapy(*audit, cwd=ROOT)
    assert sorted(line.split("\t")[:2] for line in found.stdout.splitlines()) == sorted(
        [["missing", own[0]], ["damaged", str(files[1])], ["damaged", str(files[2])]]
    )
    assert (found.returncode, "1 image cannot be had" in found.stderr) == (1, True)
    mended = scrapy(*audit, "--fetch", cwd=ROOT)
    assert mended.returncode == 0, mended.stderr
    assert [file.read_bytes() for file in files] == [picture(colour=f"#00{number}") for number in range(4)]
    assert files[1].with_name(f"{files[1].name}.damaged").exists()
    assert scrapy(*audit, cwd=ROOT).returncode == 0


@pytest.mark.slow
def test_removal_takes_the_images_that_no_other_article_has(scrapy: Scrapy, portal: Portal, tmp_path: Path) -> None:
    press = WordPress(portal)
    own = [serve(press, f"panen-{number}.jpg", picture()) for number in range(3)]
    publish(press, post7=own[:2], post8=own[1:])
    run(scrapy, press, tmp_path)
    settings = ("-s", f"ARCHIVE={tmp_path / 'data'}", "-s", f"IMAGES_STORE={tmp_path / 'images'}")
    done = scrapy("ledger", "remove", press.at(Post(7).path), "--why", "permintaan", *settings, cwd=ROOT)
    assert "(1 revision in 1 segment, 1 image)" in done.stdout, done.stderr
    left = [(tmp_path / "images" / image_path(url)).exists() for url in own]
    assert left == [False, True, True]
    register = ImageRegister(tmp_path / "images", portal.url.split("/")[2])
    assert {image.url for image in register.read().values()} == set(own[1:])
