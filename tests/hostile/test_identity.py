"""Portals whose ids or canonical addresses lead astray: every article is written, once, as itself."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import ROOT, Portal, Scrapy
from tests.portals import Crawl, WordPress, crawl

WORDS = ("dermaga", "pasar", "jembatan", "perahu", "gudang", "kebun")


@dataclass
class Story:
    """An article as a theme prints it, whatever it tells of itself."""

    path: str
    word: str
    id: int | None = None
    canonical: str | None = None
    folder: str | None = None
    """Path of the WordPress site that made it."""

    @property
    def title(self) -> str:
        return f"Warga {self.word.title()} Menanam Bakau di Tepi Muara"


def page(site: WordPress, story: Story) -> str:
    head = "" if story.canonical is None else f'<link rel="canonical" href="{site.at(story.canonical)}">'
    if story.folder:
        head += f'<link rel="https://api.w.org/" href="{site.at(story.folder)}wp-json/">'
        head += f'<link rel="shortlink" href="{site.at(story.folder)}?p={story.id}">'
    main = f"""<article class="post type-post hentry"><h1 class="entry-title">{story.title}</h1>
<time class="entry-date published" datetime="2026-01-05T09:00:00+07:00">5 Januari 2026</time>
<div class="entry-content"><p>Sejak subuh warga {story.word} membawa bibit bakau dengan perahu kecil.</p>
<p>Mereka menanamnya di lumpur {story.word} sampai air pasang.</p></div></article>"""
    return site.page(f"single single-post {f'postid-{story.id}' if story.id else ''}", main, head=head)


def publish(site: WordPress, *stories: Story) -> None:
    site.server.pages.clear()
    cards = [
        f'<article class="post hentry"><h2><a href="{site.at(own.path)}">{own.title}</a></h2></article>'
        for own in stories
    ]
    site.server.add("/", site.listing(cards))
    for own in stories:
        site.server.add(own.path, page(site, own))


@pytest.fixture
def site(portal: Portal) -> WordPress:
    return WordPress(portal, menu=())


@pytest.fixture
def run(scrapy: Scrapy, site: WordPress, tmp_path: Path) -> Callable[..., Crawl]:
    return lambda *args: crawl(scrapy, site.server.url, f"ARCHIVE={tmp_path / 'data'}", *args, spider="narayapost")


def paths(site: WordPress, done: Crawl) -> list[str]:
    """The paths of what was written, each with the body that is its own."""
    own = [record["url"].removeprefix(site.server.url.rstrip("/")) for record in done.articles]
    assert all(path.rstrip("/").rpartition("-")[2].split("/")[-1] in record["body"]
               for path, record in zip(own, done.articles, strict=True) if "-" in path)  # fmt: skip
    return sorted(own)


def multisite() -> list[Story]:
    """Two WordPress sites in folders of one host, which number their posts alike."""
    folders = [("/", "/daerah/"), ("/jabar/", "/jabar/")]
    return [
        Story(f"{path}kabar-{word}/", word, number, f"{path}kabar-{word}/", folder)
        for place, (folder, path) in enumerate(folders)
        for number, word in enumerate(WORDS[3 * place : 3 * place + 3], 101)
    ]


THEMES = {
    "sites in folders number their posts alike": multisite(),
    "sites in folders, and their pages do not tell which": [
        Story(own.path, own.word, own.id, own.canonical) for own in multisite()
    ],
    "one id on all pages": [Story(f"/ekonomi/kabar-{word}/", word, 9, f"/ekonomi/kabar-{word}/") for word in WORDS],
    "one canonical address on all pages, of an article": [
        Story(f"/ekonomi/kabar-{word}/", word, None, "/ekonomi/kabar-pasar/") for word in WORDS
    ],
    "one canonical address on all pages, of no article": [
        Story(f"/ekonomi/kabar-{word}/", word, None, "/tentang-kami/") for word in WORDS
    ],
    "one canonical address on all pages, whose ids differ": [
        Story(f"/ekonomi/kabar-{word}/", word, number, "/ekonomi/kabar-pasar/") for number, word in enumerate(WORDS, 1)
    ],
    "one id and one canonical address on all pages": [
        Story(f"/ekonomi/kabar-{word}/", word, 9, "/ekonomi/kabar-pasar/") for word in WORDS
    ],
    "an id of another article on a page": [
        Story(f"/ekonomi/kabar-{word}/", word, 2 if number == 1 else number, f"/ekonomi/kabar-{word}/")
        for number, word in enumerate(WORDS, 1)
    ],
}


@pytest.mark.slow
@pytest.mark.parametrize("theme", THEMES)
def test_every_article_is_written_once_under_its_own_address(
    theme: str, run: Callable[..., Crawl], site: WordPress
) -> None:
    publish(site, *THEMES[theme])
    done = run()
    assert (done.status, paths(site, done)) == (0, sorted(own.path for own in THEMES[theme]))
    assert done.stat("identity/contradicted") > 0
    ids = [record["id"] for record in done.articles if record["id"] is not None]
    assert len(ids) == len(set(ids))
    again = run("full=1")
    assert (again.status, paths(site, again), again.stat("article/failed")) == (0, paths(site, done), 0)
    assert {record["revision"] for record in again.articles} == {1}


@pytest.mark.slow
def test_two_sites_of_a_ledger_made_anew_stay_two(
    run: Callable[..., Crawl], site: WordPress, scrapy: Scrapy, tmp_path: Path
) -> None:
    publish(site, *THEMES["one id on all pages"])
    run()
    (tmp_path / "data" / "ledger.db").unlink()
    rebuilt = scrapy("ledger", "rebuild", "narayapost", "-s", f"ARCHIVE={tmp_path / 'data'}", cwd=ROOT)
    assert "6 articles" in rebuilt.stdout
    again = run("full=1")
    assert (len(again.articles), {record["revision"] for record in again.articles}) == (6, {1})


SAME = {
    "another address of it": [Story("/kanal/kabar-pasar/", "pasar", 7, "/ekonomi/kabar-pasar/")],
    "another address of it without an id": [Story("/kanal/kabar-pasar/", "pasar", None, "/ekonomi/kabar-pasar/")],
    "its address by its id": [Story("/?p=7", "pasar", 7, "/ekonomi/kabar-pasar/")],
    "another name and no canonical address": [Story("/ekonomi/berita-lama/", "pasar", 7)],
    "another name and title, its own address answers the new text": [
        Story("/ekonomi/berita-lain/", "kebun", 7, "/ekonomi/kabar-pasar/")
    ],
}


@pytest.mark.slow
@pytest.mark.parametrize("address", SAME)
def test_article_at_two_addresses_is_one(address: str, run: Callable[..., Crawl], site: WordPress) -> None:
    first = Story("/ekonomi/kabar-pasar/", "pasar", 7, "/ekonomi/kabar-pasar/")
    publish(site, first)
    run()
    edited = Story(first.path, SAME[address][0].word, 7, first.canonical)
    publish(site, edited, *SAME[address])
    done = run("full=1")
    assert (done.status, [record["url"] for record in done.articles]) == (0, [site.at(first.path)])
    assert done.articles[0]["revision"] == (1 if edited.word == "pasar" else 2)


@pytest.mark.slow
@pytest.mark.parametrize("old", ["redirect", "gone", "another post"])
def test_article_that_got_another_name_and_title_is_its_next_revision(
    old: str, run: Callable[..., Crawl], site: WordPress
) -> None:
    publish(site, Story("/ekonomi/kabar-pasar/", "pasar", 7, "/ekonomi/kabar-pasar/"))
    run()
    moved = Story("/ekonomi/kabar-kebun/", "kebun", 7, "/ekonomi/kabar-kebun/")
    others = [Story("/ekonomi/kabar-pasar/", "gudang", 8, "/ekonomi/kabar-pasar/")] if old == "another post" else []
    publish(site, moved, *others)
    if old == "redirect":
        site.server.add("/ekonomi/kabar-pasar/", "", status=301, Location=site.at(moved.path))
    done = run()
    written = {record["id"]: (record["url"], record["revision"]) for record in done.articles}
    assert written[7] == (site.at(moved.path), 2)


@pytest.mark.slow
def test_page_whose_rival_does_not_answer_is_read_by_the_next_run(run: Callable[..., Crawl], site: WordPress) -> None:
    first, other = [Story(f"/ekonomi/kabar-{word}/", word, 9, f"/ekonomi/kabar-{word}/") for word in WORDS[:2]]
    publish(site, first)
    run()
    publish(site, other, first)
    site.server.add(first.path, "Galat", status=500)
    assert (run().articles, run().articles) == ([], [])
    publish(site, other, first)
    assert paths(site, run("full=1")) == sorted([first.path, other.path])


@pytest.mark.slow
def test_articles_numbered_like_years_are_written_and_archives_of_years_are_none(
    run: Callable[..., Crawl], site: WordPress
) -> None:
    numbered = {1998: "dermaga", 2025: "pasar", 4521: "kebun"}
    stories = [Story(f"/{number}/", word, number, f"/{number}/") for number, word in numbered.items()]
    publish(site, *stories)
    archives = '<ul><li><a href="/2024/">2024</a></li><li><a href="/2023/">2023</a></li></ul>'
    status, headers, body = site.server.pages["/"]
    site.server.pages["/"] = (status, headers, body.replace("</aside>", f"{archives}</aside>"))
    done = run()
    assert sorted(record["id"] for record in done.articles) == [1998, 2025, 4521]
    assert not {"/2024/", "/2023/"} & {*site.server.asked}
