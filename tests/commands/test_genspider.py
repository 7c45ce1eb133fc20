import ast
from pathlib import Path

import pytest

from tests.conftest import ROOT, Scrapy


def declared(path: Path) -> dict[str, object]:
    """What the spider in a file declares."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    [spider] = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    return {
        target.id: ast.literal_eval(node.value)
        for node in spider.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def test_portal_template_makes_a_spider_of_at_most_15_lines(scrapy: Scrapy, project: Path) -> None:
    scrapy("genspider", "-t", "portal", "radar", "radar.example")
    # The project's spiders are one module here, so the new one stands beside it.
    source = (project / "standin" / "radar.py").read_text(encoding="utf-8")
    assert len(source.splitlines()) <= 15


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", "radar"), ("allowed_domains", ["radar.example"]), ("start_urls", ["https://radar.example/"])],
)
def test_portal_template_declares(field: str, value: object, scrapy: Scrapy, project: Path) -> None:
    scrapy("genspider", "-t", "portal", "radar", "radar.example")
    assert declared(project / "standin" / "radar.py")[field] == value


@pytest.mark.parametrize(
    ("address", "domain", "start_url"),
    [
        ("http://127.0.0.1:8088/", "127.0.0.1", "http://127.0.0.1:8088/"),
        ("http://127.0.0.1:8088", "127.0.0.1", "http://127.0.0.1:8088/"),
        ("localhost:8088", "localhost", "https://localhost:8088/"),
        ("https://www.radar.example/berita/", "www.radar.example", "https://www.radar.example/berita/"),
    ],
)
def test_scheme_port_and_missing_slash_are_understood(
    address: str, domain: str, start_url: str, scrapy: Scrapy, project: Path
) -> None:
    scrapy("genspider", "-t", "portal", "radar", address)
    values = declared(project / "standin" / "radar.py")
    assert (values["allowed_domains"], values["start_urls"]) == ([domain], [start_url])


@pytest.mark.parametrize("address", ["ftp://radar.example/", "https://", "http://radar.example:nomor/", "http://["])
def test_what_is_no_address_is_one_line_and_status_2(address: str, scrapy: Scrapy, project: Path) -> None:
    done = scrapy("genspider", "-t", "portal", "radar", address)
    told = f"scrapy genspider: {address!r} is no http or https address\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", told)
    assert not (project / "standin" / "radar.py").exists()


@pytest.mark.parametrize(
    ("args", "told"),
    [
        ([], "name a spider and its portal: genspider -t portal radar https://radar.example/"),
        (["radar", "a.example", "-t", "tidak-ada"], "no template 'tidak-ada': genspider -l lists them"),
        (["radar"], "name a spider and its portal: genspider -t portal radar https://radar.example/"),
        *(
            ([name, "a.example"], f"{name!r} is no name of a spider: letters, digits, - and _ only, like radar_kota")
            for name in ("radar kota", "../radar", "radar.py", "kabar'", "-", "daérah")
        ),
    ],
)
def test_wrong_call_is_one_line_and_writes_nothing(args: list[str], told: str, scrapy: Scrapy, project: Path) -> None:
    before = sorted(project.rglob("*.py"))
    done = scrapy("genspider", "-t", "portal", *args)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"scrapy genspider: {told}\n")
    assert sorted(project.rglob("*.py")) == before


def test_refuses_a_folder_outside_any_project(tmp_path: Path, environment: dict[str, str], scrapy: Scrapy) -> None:
    own = {"SCRAPY_SETTINGS_MODULE": "narayacrawl.settings"}
    done = scrapy("genspider", "-t", "portal", "radar", "radar.example", cwd=tmp_path, env=own)
    told = f"scrapy genspider: {tmp_path} is in no Scrapy project: make one with scrapy startproject NAME\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", told)


def test_refuses_to_write_into_another_project(scrapy: Scrapy, project: Path) -> None:
    (project / "standin" / "settings.py").write_text("from narayacrawl.settings import *\n", encoding="utf-8")
    done = scrapy("genspider", "-t", "portal", "radar", "radar.example")
    assert done.returncode == 2
    assert done.stderr.startswith("scrapy genspider: NEWSPIDER_MODULE=narayacrawl.spiders is ")
    assert not (ROOT / "narayacrawl" / "spiders" / "radar.py").exists()


@pytest.mark.parametrize("template", ["portal", "basic", "crawl"])
def test_lists_templates_of_both(template: str, scrapy: Scrapy) -> None:
    assert template in scrapy("genspider", "-l").stdout.split()


def test_scrapys_own_template_still_works(scrapy: Scrapy, project: Path) -> None:
    scrapy("genspider", "radar", "radar.example")
    assert "scrapy.Spider" in (project / "standin" / "radar.py").read_text(encoding="utf-8")


def test_dumps_the_portal_template(scrapy: Scrapy) -> None:
    assert "WordPressSpider" in scrapy("genspider", "-d", "portal").stdout
