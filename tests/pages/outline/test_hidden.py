"""What no reader sees by the page's own attributes is no text; what is only hidden on small screens is."""

import pytest

from tests.pages.outline.test_continued_text import TEXT, body, paragraphs

HIDDEN = "Teks yang tidak dilihat pembaca mana pun di halaman ini."


@pytest.mark.parametrize(
    "attributes",
    [
        "hidden", "hidden=''", "hidden='until-found'", "style='display:none'", "style='color: red; DISPLAY : NONE'",
        "style='visibility: hidden'", "class='screen-reader-text'", "class='sr-only'", "class='hidden'",
    ],
)  # fmt: skip
@pytest.mark.parametrize("tag", ["p", "div", "span", "section"])
def test_a_hidden_element_is_left_out(tag: str, attributes: str) -> None:
    element = f"<{tag} {attributes}>{HIDDEN}</{tag}>"
    assert body(f"<div class='entry-content'>{paragraphs(TEXT[:3])}{element}{paragraphs(TEXT[3:])}</div>") == TEXT


@pytest.mark.parametrize(
    "attributes",
    [
        "style='display:block'", "style='background:none'", "style='overflow:hidden'", "class='hidden md:block'",
        "style='text-decoration: none'", "class='not-hidden'",
    ],
)  # fmt: skip
def test_a_shown_element_is_kept(attributes: str) -> None:
    element = f"<div {attributes}>{paragraphs(TEXT[3:])}</div>"
    assert body(f"<div class='entry-content'>{paragraphs(TEXT[:3])}{element}</div>") == TEXT


@pytest.mark.parametrize("tag", ["span", "em", "b", "a"])
@pytest.mark.parametrize(
    "attributes",
    ["class='screen-reader-text'", "class='visually-hidden'", "class='hide'", "hidden", "style='display:none'"],
)
def test_a_hidden_word_does_not_split_its_sentence(tag: str, attributes: str) -> None:
    first, _, rest = TEXT[0].partition(" ")
    line = f"<p>{first}<{tag} {attributes}> yang tersembunyi</{tag}> <em>{rest}</em></p>"
    assert body(f"<div class='entry-content'>{line}{paragraphs(TEXT[1:])}</div>") == TEXT


def test_a_hidden_word_in_a_link_is_left_out() -> None:
    first, _, rest = TEXT[0].partition(" ")
    link = f"<a href='https://lain.example/'>{first}<span class='sr-only'> (jendela baru)</span></a>"
    assert body(f"<div class='entry-content'><p>{link} {rest}</p>{paragraphs(TEXT[1:])}</div>") == TEXT


def encoded(address: str, key: int = 0x5A) -> str:
    return bytes([key, *(byte ^ key for byte in address.encode())]).hex()


@pytest.mark.parametrize("tag", ["a href='/cdn-cgi/l/email-protection'", "span"])
def test_an_address_kept_from_robots_is_decoded(tag: str) -> None:
    code = encoded("redaksi@lereng.example")
    mail = f"<{tag} class='__cf_email__' data-cfemail='{code}'>[email&#160;protected]</{tag.split()[0]}>"
    line = f"<p>Kirim kabar ke {mail} sebelum pukul sembilan malam.</p>"
    told = "Kirim kabar ke redaksi@lereng.example sebelum pukul sembilan malam."
    assert body(f"<div class='entry-content'>{paragraphs(TEXT)}{line}</div>") == [*TEXT, told]


@pytest.mark.parametrize("code", ["", "zz", "5", "5a", "00ff", encoded("bukan alamat"), "5a" * 5_000])
def test_what_is_no_address_is_left_out(code: str) -> None:
    line = f"<p>Kirim kabar <span data-cfemail='{code}'>[email protected]</span>sebelum malam.</p>"
    assert body(f"<div class='entry-content'>{paragraphs(TEXT)}{line}</div>")[-1].startswith("Kirim kabar")
