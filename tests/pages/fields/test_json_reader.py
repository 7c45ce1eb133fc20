"""JSON of a page's scripts is read as it is, or mended."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from narayacrawl.pages.fields.json_reader import read_json
from tests.growth import grows_in_proportion


@pytest.mark.parametrize(
    "script",
    [
        '{"a": "satu dua"}',
        '  {"a": "satu dua",}\n',
        '{"a": "satu dua" , }',
        '<!-- {"a": "satu dua"} -->',
        '<!--\n{"a": "satu dua"}\n//-->',
        '<![CDATA[{"a": "satu dua"}]]>',
        '//<![CDATA[\n{"a": "satu dua"}\n//]]>',
        '/*<![CDATA[*/{"a": "satu dua"}/*]]>*/',
        '/* <![CDATA[ */ {"a": "satu dua"} /* ]]> */',
        '{"a": "satu dua"};',
        '\ufeff{"a": "satu dua"}',
    ],
)
def test_reads_json_that_plugins_mangle(script: str) -> None:
    assert read_json(script) == {"a": "satu dua"}


@pytest.mark.parametrize("control", ["\n", "\t", "\r\n", "\x0b", "\x01"])
def test_keeps_raw_control_characters_of_a_json_string(control: str) -> None:
    assert read_json(f'{{"a": "satu{control}dua"}}') == {"a": f"satu{control}dua"}


def test_keeps_a_comma_before_a_bracket_inside_a_string() -> None:
    assert read_json('{"a": "satu,] dua"}') == {"a": "satu,] dua"}


@pytest.mark.parametrize("script", ["", "   ", "{", '{"a": }', "var a = 1", "[" * 100_000, '{"a": "satu" "b": 2}'])
def test_gives_none_for_json_that_nobody_can_read(script: str) -> None:
    assert read_json(script) is None


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists))
def test_reads_back_any_sound_json(value: Any) -> None:
    assert read_json(json.dumps({"a": value})) == {"a": value}


@pytest.mark.parametrize(
    ("script", "document"),
    [
        ('{"a": 1, // catatan\n"b": 2}', {"a": 1, "b": 2}),
        ('/* dibuat plugin */ {"a": /* angka */ 1}', {"a": 1}),
        ('{"a": 1, /* terakhir */ }', {"a": 1}),
        ('{"a": "https://naraya.example/x", "b": 1,}', {"a": "https://naraya.example/x", "b": 1}),
        ('{"a": "satu /* dua */",}', {"a": "satu /* dua */"}),
        ('{"a": "satu,] dua,}",}', {"a": "satu,] dua,}"}),
        (r'{"a": "Jum\'at"}', {"a": "Jum'at"}),
        (r'{"a": "D:\pasar", "b": "\u00e9\/\n"}', {"a": "D:pasar", "b": "é/\n"}),
        (r'{"a": "\u00", "b": 1}', {"a": "u00", "b": 1}),
        ('{"a": "Pasar "Pagi" ramai", "b": 1}', {"a": 'Pasar "Pagi" ramai', "b": 1}),
        ('{"a": "kata "siap", lalu pergi", "b": 1}', {"a": 'kata "siap", lalu pergi', "b": 1}),
        ('{"a": "satu "dua""}', {"a": 'satu "dua"'}),
        ('{"a": ["satu", "du"a", "tiga"]}', {"a": ["satu", 'du"a', "tiga"]}),
        ("{&quot;a&quot;: &quot;satu&quot;}", {"a": "satu"}),
        ("[{&#34;a&#34;: 1}]", [{"a": 1}]),
        ('{"a": "satu &quot;dua&quot;",}', {"a": "satu &quot;dua&quot;"}),
        ('{"a": 1}{"b": 2}', [{"a": 1}, {"b": 2}]),
        ('{"a": 1};\n{"b": 2}', [{"a": 1}, {"b": 2}]),
        ('{"a": 1},\n{"b": 2},', [{"a": 1}, {"b": 2}]),
        ('{\u00a0"a":\x0b1}', {"a": 1}),
    ],
)
def test_mends_json_that_is_broken(script: str, document: Any) -> None:
    assert read_json(script) == document


@given(st.text(alphabet='{}[]",:/*\\ \nab1&;', max_size=60))
def test_never_fails_on_any_text(script: str) -> None:
    read_json(script)


@pytest.mark.parametrize("piece", ['{"a" ', "/* ", "// ", '"', '" ,', ",  ", "{}", "\\", "[1, ", '{"a": "b" c", '])
def test_mending_takes_time_in_proportion(piece: str) -> None:
    assert grows_in_proportion(lambda size: "{" + piece * size, read_json, 2_000)
