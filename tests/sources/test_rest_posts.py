import asyncio
import json
import logging
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from scrapy.http import Response, TextResponse

from narayacrawl.sources import rest_posts as posts_module
from narayacrawl.sources.rest_parser import MAX_ELEMENTS, RestPost, max_page_size, posts_url, read_posts
from narayacrawl.sources.rest_posts import RestPosts

ROOT = "https://portal.example/wp-json/"
POST = RestPost(31, "https://portal.example/pasar/", 1, None, None, None, None, content="<p>a</p>")


def entry(post_id: int = 31, slug: str = "pasar", rendered: str = "<p>a</p>", **more: Any) -> dict[str, Any]:
    return {"id": post_id, "link": f"https://portal.example/{slug}/", "content": {"rendered": rendered}} | more


def answer(posts: Any, status: int = 200) -> Response:
    body = posts if isinstance(posts, bytes) else json.dumps(posts).encode()
    return TextResponse(ROOT, status=status, body=body)


def test_dates_carry_the_portals_own_offset() -> None:
    dates = {"date": "2025-12-14T21:35:12", "date_gmt": "2025-12-14T13:35:12", "modified_gmt": "2025-12-15T01:00:00"}
    (post,) = read_posts(answer([entry() | dates]).body)[0]
    assert (post.published, post.modified) == ("2025-12-14T21:35:12+08:00", "2025-12-15T01:00:00+00:00")


class Api:
    """Answers pages of the posts collection in order, 400 past the last, and single posts; `asked` are the pages'
    numbers and the posts' ids (`post 7`)."""

    def __init__(self, *pages: Response | None, single: Response | None = None) -> None:
        self.pages, self.single, self.asked = pages, single, list[int | str]()

    async def __call__(self, url: str) -> Response | None:
        query = parse_qs(urlsplit(url).query)
        if "include" in query:
            self.asked.append(f"post {query['include'][0]}")
            return self.single or answer([])
        number = int(query["page"][0])
        self.asked.append(number)
        return self.pages[number - 1] if number <= len(self.pages) else answer({"code": "past the end"}, 400)


def nothing(_: int) -> list[int]:
    """No other post is wanted."""
    return []


def find(posts: RestPosts, *wanted: tuple[int | None, str]) -> list[RestPost | None]:
    async def together() -> list[RestPost | None]:
        return await asyncio.gather(
            *(posts.find(ROOT, number, f"https://portal.example/{slug}/") for number, slug in wanted)
        )

    return asyncio.run(together())


def hundred(first: int) -> Response:
    return answer([entry(number, f"a-{number}") for number in range(first, first + 100)])


@pytest.mark.parametrize(
    ("root", "start"),
    [
        (ROOT, "https://portal.example/wp-json/wp/v2/posts?"),
        ("https://portal.example/index.php?rest_route=/", "https://portal.example/index.php?rest_route=/wp/v2/posts&"),
    ],
)
def test_asks_for_a_hundred_posts_under_either_kind_of_root(root: str, start: str) -> None:
    url = posts_url(root, 3)
    assert url.startswith(start)
    assert url.endswith("&per_page=100&page=3")


@pytest.mark.parametrize(
    ("told", "post"),
    [
        (entry(), POST),
        (
            entry(rendered="a<!--nextpage-->b<!--nextpage-->c"),
            replace(POST, pages=3, content="a<!--nextpage-->b<!--nextpage-->c"),
        ),
        (entry(modified_gmt="2025-12-14T14:35:12"), replace(POST, modified="2025-12-14T14:35:12+00:00")),
        (entry(modified_gmt=None), POST),
        (entry(_embedded={}), POST),
        (entry(_embedded={"wp:featuredmedia": []}), POST),
        (entry(_embedded={"wp:featuredmedia": [{"code": "rest_forbidden", "data": {"status": 401}}]}), POST),
        (
            entry(_embedded={"wp:featuredmedia": [{"source_url": "https://x/a.jpg", "caption": {"rendered": ""}}]}),
            replace(POST, image="https://x/a.jpg"),
        ),
        (
            entry(_embedded={"wp:featuredmedia": [{"source_url": "https://x/a.jpg", "caption": {"rendered": "<p>A"}}]}),
            replace(POST, image="https://x/a.jpg", caption="<p>A"),
        ),
    ],
)
def test_reads_a_post(told: dict[str, Any], post: RestPost) -> None:
    assert read_posts(answer([told]).body) == ([post], 0)


def test_an_empty_collection_has_no_posts() -> None:
    assert read_posts(answer([]).body) == ([], 0)


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"\xff\xfe", {"code": "rest_disabled"}, None, "a", 3, [1], [None], [[]], [{}], [{"id": 3}],
     [entry(id="x")], [entry(link=None)], b"[" * 10_000 + b"]" * 10_000, b'[{"id": 3'],
    ids=lambda body: repr(body)[:40],
)  # fmt: skip
def test_refuses_what_is_no_list_of_posts(body: Any) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_posts(answer(body).body)


@pytest.mark.parametrize(
    "told",
    [None, 1, [], {}, {"id": 3}, {"link": "https://portal.example/a/"}, entry(id=10**30), entry(id=True), entry(id=0),
     entry(id=-1), entry(id=1.5), entry(link=7), entry(link="/pasar/"), entry(link="https://portal.example/\ud800/")],
    ids=lambda told: repr(told)[:60],
)  # fmt: skip
def test_entry_that_is_no_post_is_left_out_and_counted(told: Any) -> None:
    assert read_posts(answer([entry(7), told, entry(8)]).body) == ([replace(POST, id=7), replace(POST, id=8)], 1)


def test_number_that_is_infinite_is_no_id() -> None:
    body = json.dumps([entry(7), entry(8)]).replace("8", "1e999", 1).encode()
    assert read_posts(body) == ([replace(POST, id=7)], 1)


@pytest.mark.parametrize(
    "broken",
    [{"_embedded": []}, {"_embedded": {"wp:featuredmedia": [None]}}, {"_embedded": {"wp:featuredmedia": ["x"]}},
     {"_embedded": {"wp:featuredmedia": [{"caption": None}]}}, {"_embedded": {"wp:featuredmedia": [{"caption": []}]}},
     {"_embedded": {"wp:featuredmedia": [{"source_url": 5}]}}, {"date": 5}, {"date": "0000-00-00T00:00:00"},
     {"date": "9999-12-31T23:59:59", "date_gmt": "0001-01-01T00:00:00"}, {"modified": [], "modified_gmt": {}},
     {"modified": "kemarin"}],
    ids=repr,
)  # fmt: skip
def test_post_of_which_a_part_is_malformed_keeps_the_others(broken: dict[str, Any]) -> None:
    (post,), malformed = read_posts(answer([entry() | broken]).body)
    assert (replace(post, local=""), malformed) == (POST, 0)


@pytest.mark.parametrize("content", [None, [], {"rendered": None}, {"rendered": 3}, "x"])
def test_post_without_readable_content_has_an_unknown_number_of_pages(content: Any) -> None:
    assert read_posts(answer([entry(content=content)]).body) == ([replace(POST, pages=None, content=None)], 0)


NOTICE = "<br />\n<b>Notice</b>: Undefined [0] in x.php on line 3<br />\n"


@pytest.mark.parametrize("notice", [NOTICE, "\ufeff", "\n\n"])
def test_list_behind_a_notice_of_php_is_read(notice: str) -> None:
    assert read_posts(notice.encode() + answer([entry()]).body) == ([POST], 0)


def test_finds_a_post_by_its_id_and_by_its_address() -> None:
    assert find(RestPosts(Api(answer([entry()])), nothing), (31, "x")) == [POST]
    assert find(RestPosts(Api(answer([entry()])), nothing), (None, "pasar")) == [POST]


def test_gives_each_post_once() -> None:
    posts = RestPosts(Api(answer([entry()])), nothing)
    assert find(posts, (31, "x"), (31, "x")) == [POST, None]


def test_keeps_few_posts_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posts_module, "MAX_KEPT", 100)
    api = Api(hundred(201), hundred(101), hundred(1), single=answer([entry(150)]))
    found = find(RestPosts(api, nothing), (250, "x"), (240, "x"), (150, "x"), (50, "x"))
    assert ([post and post.id for post in found][:3], api.asked[:2]) == ([250, 240, 150], [1, 2])


def test_asks_alone_for_a_post_that_is_not_on_the_next_page() -> None:
    api = Api(hundred(201), hundred(101), hundred(1), single=answer([entry(7)]))
    posts = RestPosts(api, nothing)
    assert [post and post.id for post in find(posts, (250, "x"), (7, "x"))] == [250, 7]
    assert api.asked == [1, 2, "post 7"]


def test_asks_alone_for_a_post_that_was_passed() -> None:
    api = Api(hundred(201), hundred(101), single=answer([entry(999)]))
    assert [post and post.id for post in find(RestPosts(api, nothing), (250, "x"), (999, "x"))] == [250, 999]
    assert api.asked == [1, "post 999"]


def test_asks_for_a_post_together_with_those_wanted_next() -> None:
    api = Api(answer([]), single=answer([entry(7), entry(8), entry(9)]))
    posts = RestPosts(api, lambda _: [7, 8, 9])
    assert [post and post.id for post in find(posts, (7, "x"), (8, "x"), (9, "x"))] == [7, 8, 9]
    assert api.asked == [1, "post 7,8,9"]


def test_another_post_than_was_asked_for_is_not_taken_and_the_api_left_alone() -> None:
    api = Api(hundred(201), single=answer([entry(8)]))
    assert find(RestPosts(api, nothing), (250, "x"), (999, "x"), (998, "x"))[1:] == [None, None]
    assert api.asked == [1, "post 999"]


def test_asks_once_for_a_hundred_posts() -> None:
    api = Api(hundred(1))
    found = find(RestPosts(api, nothing), *((number, "x") for number in range(1, 101)))
    assert ([post.id for post in found if post], api.asked) == (list(range(1, 101)), [1])


def test_asks_only_as_far_as_it_must() -> None:
    api = Api(hundred(201), hundred(101), hundred(1))
    posts = RestPosts(api, nothing)
    assert [post.id for post in find(posts, (250, "x"), (150, "x")) if post] == [250, 150]
    assert api.asked == [1, 2]


def test_asks_no_more_once_the_last_page_came() -> None:
    api = Api(hundred(2), answer([entry(1)]))
    found = find(RestPosts(api, nothing), (None, "tidak-ada"), (None, "tidak-ada"), (1, "x"))
    assert (found[:2], found[2] and found[2].id, api.asked) == ([None, None], 1, [1, 2])


def test_a_full_last_page_is_followed_by_one_that_is_past_the_end() -> None:
    api = Api(hundred(1))
    assert (find(RestPosts(api, nothing), (None, "y"), (None, "z")), api.asked) == ([None, None], [1, 2])


def refused(reason: str) -> Response:
    """WordPress' answer to a `per_page` that a plugin does not allow."""
    return answer({"code": "rest_invalid_param", "data": {"status": 400, "params": {"per_page": reason}}}, 400)


@pytest.mark.parametrize(
    ("response", "size"),
    [
        (refused("per_page must be between 1 (inclusive) and 20 (inclusive)"), 20),
        (refused("Parameter tidak sah."), 10),
        (answer({"code": "rest_post_invalid_page_number", "data": {"status": 400}}, 400), None),
        (answer([], 400), None),
        (answer(b"<html>Bad Request</html>", 400), None),
        (answer([]), None),
    ],
)
def test_a_refused_number_of_posts_tells_a_smaller_one(response: Response, size: int | None) -> None:
    assert (max_page_size(response, 100), max_page_size(response, 10)) == (size, None)


def test_asks_for_fewer_posts_where_a_hundred_are_refused() -> None:
    asked = []

    async def api(url: str) -> Response:
        asked.append(size := int(parse_qs(urlsplit(url).query)["per_page"][0]))
        return answer([entry(number) for number in range(31, 51)]) if size == 20 else refused("1 sampai 20")

    found = find(RestPosts(api, nothing), (31, "a-31"), (50, "a-50"))
    assert ([post and post.id for post in found], asked) == ([31, 50], [100, 20])


@pytest.mark.parametrize("response", [None, answer([], 401), answer([], 403), answer([], 404), answer([], 500)])
def test_a_blocked_api_is_asked_once(response: Response | None, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    api = Api(response)
    assert (find(RestPosts(api, nothing), (31, "pasar"), (32, "x")), api.asked) == ([None, None], [1])
    assert "REST API does not answer" in caplog.text


def test_an_answer_that_is_not_wordpress_is_warned_of_once(caplog: pytest.LogCaptureFixture) -> None:
    api = Api(answer(b"<html>Sedang dirawat</html>"))
    assert find(RestPosts(api, nothing), (31, "pasar"), (32, "x")) == [None, None]
    assert [record.levelname for record in caplog.records] == ["WARNING"]


def test_an_api_that_stops_answering_is_left_alone() -> None:
    api = Api(hundred(101), answer([], 503))
    found = find(RestPosts(api, nothing), (150, "x"), (1, "x"), (2, "x"))
    assert ([post and post.id for post in found], api.asked) == ([150, None, None], [1, 2])


@pytest.mark.parametrize("entry", ["{}", "[]", '"a"', "0"])
def test_an_answer_that_would_fill_the_memory_is_refused(entry: str) -> None:
    with pytest.raises(ValueError, match="not a list of posts"):
        read_posts(f"[{f'{entry},' * MAX_ELEMENTS}{entry}]".encode())
