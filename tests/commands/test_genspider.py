import ast
from pathlib import Path

import pytest

from tests.conftest import Scrapy


def test_portal_template_makes_a_spider_of_at_most_15_lines(scrapy: Scrapy, project: Path) -> None:
    scrapy("genspider", "-t", "portal", "radar", "radar.example")
    # The project's spiders are one module here, so the new one stands beside it.
    source = (project / "standin" / "radar.py").read_text(encoding="utf-8")
    assert len(source.splitlines()) <= 15


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", "radar"), ("allowed_domains", ["radar.example"]), ("start_urls", ["https://radar.example"])],
)
def test_portal_template_declares(field: str, value: object, scrapy: Scrapy, project: Path) -> None:
    scrapy("genspider", "-t", "portal", "radar", "radar.example")
    tree = ast.parse((project / "standin" / "radar.py").read_text(encoding="utf-8"))
    [spider] = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    values = {
        target.id: ast.literal_eval(node.value)
        for node in spider.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    assert values[field] == value


@pytest.mark.parametrize("template", ["portal", "basic", "crawl"])
def test_lists_templates_of_both(template: str, scrapy: Scrapy) -> None:
    assert template in scrapy("genspider", "-l").stdout.split()


def test_scrapys_own_template_still_works(scrapy: Scrapy, project: Path) -> None:
    scrapy("genspider", "radar", "radar.example")
    assert "scrapy.Spider" in (project / "standin" / "radar.py").read_text(encoding="utf-8")


def test_dumps_the_portal_template(scrapy: Scrapy) -> None:
    assert "WordPressSpider" in scrapy("genspider", "-d", "portal").stdout
