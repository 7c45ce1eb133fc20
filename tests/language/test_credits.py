import pytest

from narayacrawl.language.credits import (
    clean_name,
    credit_names,
    is_full_name,
    name_in_byline,
    names_of_byline_line,
    split_names,
)


@pytest.mark.parametrize(
    ("line", "authors", "editors"),
    [
        ("Editor: Rina", [], ["Rina"]),
        ("Redaktur: Rina", [], ["Rina"]),
        ("Penyunting : Rina", [], ["Rina"]),
        ("Reporter : Bayu Adi", ["Bayu Adi"], []),
        ("Laporan: Bayu", ["Bayu"], []),
        ("Kontributor: Bayu", ["Bayu"], []),
        ("Penulis: Bayu | Editor: Rina", ["Bayu"], ["Rina"]),
        ("Penulis: Bayu\nEditor: Rina", ["Bayu"], ["Rina"]),
        ("Pewarta : Bayu Adi Editor: Rina", ["Bayu Adi"], ["Rina"]),
        ("Pewarta: Bayu AdiEditor: Rina Sari", ["Bayu Adi"], ["Rina Sari"]),
        ("Pewarta: BayuEditor: RinaCopyright © NarayaPost 2025", ["Bayu"], ["Rina"]),
        ("Penulis/Editor: Bayu", ["Bayu"], ["Bayu"]),
        ("(Editor: Rina)", [], ["Rina"]),
        ("Laporan Wartawan Kabar Muara, Bayu Adi", ["Bayu Adi"], []),
        ("(Laporan Kontributor Muara: Bayu Adi)", ["Bayu Adi"], []),
        ("Penulis | : Bayu Adi\nEditor | : Rina", ["Bayu Adi"], ["Rina"]),
        ("Editor: Rina Sari.", [], ["Rina Sari"]),
        ("EDITOR: Rina", [], ["Rina"]),
        ("Penulis: Bayu, Rina dan Tono", ["Bayu", "Rina", "Tono"], []),
        ("Penulis: Bayu & Rina; Tono", ["Bayu", "Rina", "Tono"], []),
        ("Editor: jpp/wnv", [], ["jpp", "wnv"]),
        ("Penulis: Dr. Harun Wirawan, M.Si.", ["Dr. Harun Wirawan, M.Si."], []),
        ("Penulis: Harun, S.H., M.H., dan Rina, Ph.D", ["Harun, S.H., M.H.", "Rina, Ph.D"], []),
        ("Penulis: Bayu, SE, MM & Rina", ["Bayu, SE, MM", "Rina"], []),
        ("Penulis: Ahmad bin Said", ["Ahmad bin Said"], []),
        ("Editor: Bayu Adi (bay)", [], ["Bayu Adi"]),
        ("Editor: Bayu <bayu@portal.example>", [], ["Bayu"]),
        ("Reporter: Bayu @bayu; Rina", ["Bayu", "Rina"], []),
        ("Editor:", [], []),
        ("Sumber: Antara", [], []),
        ("Sumber: https://portal.example/berita", [], []),
        ("Fotografer: Bayu", [], []),
        ("Copyright © NarayaPost 2025", [], []),
    ],
)
def test_reads_the_names_of_a_credit_line(line: str, authors: list[str], editors: list[str]) -> None:
    assert credit_names(line) == (authors, editors)


@pytest.mark.parametrize(
    "line",
    [
        "Penulis: buku itu laku keras dan dibaca banyak orang di seluruh negeri.",
        "Penulis: Menulis itu mudah.",
        "Penulis buku itu hadir.",
        "Sumber: seorang pejabat mengatakan bahwa banjir surut.",
        "Sumber: Pemerintah mengatakan bahwa banjir telah surut",
        "Kata editor: bagus",
        "Editorial: bagus",
        "Copyright itu penting.",
        "",
    ],
)
def test_takes_a_sentence_for_text(line: str) -> None:
    assert credit_names(line) is None


@pytest.mark.parametrize(
    ("byline", "name"),
    [
        ("Oleh Bayu", "Bayu"),
        ("Oleh: Bayu\xa0Adi", "Bayu Adi"),
        ("By Rina", "Rina"),
        ("Ditulis oleh Rina", "Rina"),
        ("Penulis: Bayu", "Bayu"),
        ("Reporter Bayu", "Bayu"),
        ("Oleh: Penulis: Bayu", "Bayu"),
        ("Bayu Adi - Reporter", "Bayu Adi"),
        ("Bayu, Reporter NarayaPost", "Bayu"),
        ("Bayu | Editor", "Bayu"),
        ("Bayu bayu@portal.example", "Bayu"),
        ("Bayu @bayu", "Bayu"),
        ("Bayu Adi (bay)", "Bayu Adi"),
        ("(Bayu)", "Bayu"),
        ("– Bayu Adisaputra. –", "Bayu Adisaputra"),
        ("Bayu Adi (Kontributor Medan)", "Bayu Adi"),
        ("Bayu Adi am", "Bayu Adi"),
        ("Bayu Adi &amp; ", "Bayu Adi"),
        ("Bayu O&#039;Hara", "Bayu O'Hara"),
        ("Ba\xadyu Adi", "Bayu Adi"),
        ("Teks: Bayu Adi Foto: Rina", "Bayu Adi"),
        ("Autor*in Bayu Adi", "Bayu Adi"),
        ("Bayu Adi Reporter", "Bayu Adi"),
        ("Bayu Adi Staff Writer", "Bayu Adi"),
        ("Bayu Adi, Online-Redaktion", "Bayu Adi"),
        ("Bayu Adi, Senior Correspondent Muara", "Bayu Adi"),
        ("Bayu Adi, Saturday", "Bayu Adi"),
        ("Bayu Adi bayu[at]portal.example", "Bayu Adi"),
    ],
)
def test_cleans_a_byline_of_what_is_no_name(byline: str, name: str) -> None:
    assert clean_name(byline) == name


@pytest.mark.parametrize(
    "name",
    [
        "Redaksi NarayaPost", "Dr. Harun Wirawan, M.Si.", "Melati K. Putri", "Siti Nur'aini", "Siti Nur’aini", "jpp",
        "Admin", "Muara Reporter", "Byron Adams", "Anne-Marie Dahl", "Sumber Rejeki",
    ],
)  # fmt: skip
def test_keeps_a_name_as_printed(name: str) -> None:
    assert clean_name(name) == name


@pytest.mark.parametrize(
    "byline",
    [
        "",
        " – ",
        "Oleh",
        "Wawancara: Bayu",
        "Foto: Bayu",
        "Editor:",
        "@bayu",
        "bayu@portal.example",
        "https://a.example/",
    ],
)
def test_finds_no_name_where_nothing_is_left(byline: str) -> None:
    assert clean_name(byline) is None


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Budi Santoso, Ani Rahayu dan Tono Adi", ["Budi Santoso", "Ani Rahayu", "Tono Adi"]),
        ("Samuel Hutagalung and Ria Putri", ["Samuel Hutagalung", "Ria Putri"]),
        ("Dr. Harun Wirawan, M.Si.", ["Dr. Harun Wirawan, M.Si."]),
        ("Siti Nur'aini, S.H., M.H.", ["Siti Nur'aini, S.H., M.H."]),
        ("Hukum dan Kriminal", ["Hukum dan Kriminal"]),
        ("jpp", ["jpp"]),
        ("Bayu Adi, Rina Sari dan Tono", ["Bayu Adi", "Rina Sari", "Tono"]),
        ("Bayu Adi, Rina Sari, Jakarta", ["Bayu Adi", "Rina Sari"]),
        ("Bayu Adi, AFP", ["Bayu Adi", "AFP"]),
        ("Bayu Adi, Redaksi", ["Bayu Adi, Redaksi"]),
        ("Bayu Adi dengan Rina Sari", ["Bayu Adi", "Rina Sari"]),
    ],
)
def test_parts_a_byline_of_several_names(name: str, parts: list[str]) -> None:
    assert split_names(name) == parts


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Von Tomas Lindner", "Tomas Lindner"),
        ("Geschrieben von Elisa Marini", "Elisa Marini"),
        ("About the author - Florin Ionel", "Florin Ionel"),
        ("Par Martin Clave", "Martin Clave"),
        ("von der Heide", "von der Heide"),
        ("Daud Yusuf", "Daud Yusuf"),
    ],
)
def test_a_byline_of_another_language_is_a_name(text: str, name: str) -> None:
    assert clean_name(text) == name


@pytest.mark.parametrize(
    ("name", "full"),
    [
        ("Sari Wulandari", True),
        ("Ahmad bin Said", True),
        ("Melati K. Putri", True),
        ("Sari", False),
        ("sari wulandari", False),
        ("Redaksi NarayaPost", False),
        ("Tim Liputan", False),
        ("Hukum & Kriminal", False),
        ("Sari 2", False),
        ("Pasar Terapung di muara", False),
    ],
)
def test_a_full_name_is_a_persons(name: str, full: bool) -> None:
    assert is_full_name(name) is full


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Oleh: Sari Wulandari", ["Sari Wulandari"]),
        ("Von Sari Wulandari und Bayu Adi", ["Sari Wulandari", "Bayu Adi"]),
        ("Oleh Sari Wulandari kemarin", []),
        ("Oleh Redaksi NarayaPost", []),
        ("Von Pontianak nach Sintang", []),
        ("Sari Wulandari", []),
    ],
)
def test_a_line_may_be_a_byline_and_nothing_else(line: str, names: list[str]) -> None:
    assert names_of_byline_line(line) == names


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Oleh Sari Wulandari, Minggu, 14 Desember 2025", "Sari Wulandari"),
        ("Oleh Sari Wulandari dan Bayu Adi, Jumat, 12 Desember 2025", "Sari Wulandari dan Bayu Adi"),
        ("Oleh Budi • 14 Des 2025", "Budi"),
        ("Ditulis oleh: narayapost | 14 Des 2025", "narayapost"),
        ("Von Sari Wulandari, 14. Dezember 2025", "Sari Wulandari"),
        ("Von Pontianak nach Sintang", None),
        ("By Thursday 20 boats had left", None),
        ("Par ailleurs", None),
        ("Oleh karena itu", None),
    ],
)
def test_the_name_in_a_headers_line(line: str, name: str | None) -> None:
    assert name_in_byline(line) == name


@pytest.mark.parametrize(
    "line",
    [
        "Laporan Wartawan Kabar Muara, hujan turun sejak pagi",
        "Laporan Wartawan Kabar Muara",
        "Laporan Keuangan, Bayu Adi",
    ],
)
def test_a_line_about_a_report_is_no_credit(line: str) -> None:
    assert credit_names(line) is None


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("Bayu Adi/Rina Sari", ["Bayu Adi", "Rina Sari"]),
        ("Bayu Adi / Rina Sari / Tono Jaya", ["Bayu Adi", "Rina Sari", "Tono Jaya"]),
        ("Bayu Adi bersama Rina Sari", ["Bayu Adi", "Rina Sari"]),
        ("Bayu Adi & Rina Sari", ["Bayu Adi", "Rina Sari"]),
        ("afp/bay", ["afp/bay"]),
        ("Bayu Adi/bay", ["Bayu Adi/bay"]),
        ("Tim Muara/Bayu Adi", ["Tim Muara/Bayu Adi"]),
    ],
)
def test_a_slash_parts_full_names_only(byline: str, names: list[str]) -> None:
    assert split_names(byline) == names


@pytest.mark.parametrize(
    "text",
    ["Follow", "Ikuti", "FACEBOOK", "Twitter", "Last Updated", "Terakhir diubah:", "No Author", "Tanpa Penulis",
     "vor 3 Stunden",
     "5 jam yang lalu", "2 hours ago", "[email\xa0protected] -", "wordpressadmin", "WP Admin", "Anonymous",
     "Facebook Twitter",     "Bagikan | WhatsApp · X", "Foto dari Bayu Adi"],
)  # fmt: skip
def test_what_a_box_says_in_the_place_of_a_name_is_none(text: str) -> None:
    assert clean_name(text) is None


@pytest.mark.parametrize("name", ["Cetak Biru", "Sharen Ikuti", "Hari Minggu Wibowo", "Redaksi NarayaPost", "admin"])
def test_a_name_with_such_a_word_in_it_stays(name: str) -> None:
    assert clean_name(name) == name


def test_a_hidden_mail_address_beside_a_name_is_removed() -> None:
    assert clean_name("Bayu Adi [email\xa0protected]") == "Bayu Adi"


def test_a_call_to_follow_beside_a_name_is_removed() -> None:
    assert clean_name("Bayu Adi Follow") == "Bayu Adi"
