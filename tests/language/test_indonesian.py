import pytest

from narayacrawl.language.indonesian import (
    MONTHS,
    WEEKDAYS,
    ZONES,
    is_blurb,
    is_placeholder,
    related_label,
    split_dateline,
    split_ending,
)

PORTAL_NAMES = ("NarayaPost", "narayapost.com")


def test_knows_every_month_in_its_short_and_long_spellings() -> None:
    assert sorted(set(MONTHS.values())) == list(range(1, 13))
    assert [MONTHS[name] for name in ("peb", "mrt", "agt", "ags", "agust", "sept", "nop", "nopember")] == [
        2, 3, 8, 8, 8, 9, 11, 11,
    ]  # fmt: skip


def test_knows_seven_weekdays_and_the_names_of_sunday_and_friday() -> None:
    assert set(WEEKDAYS.values()) == set(range(7))
    assert WEEKDAYS["ahad"] == WEEKDAYS["minggu"]
    assert WEEKDAYS["jum'at"] == WEEKDAYS["jum’at"] == WEEKDAYS["jumat"]


def test_zones_are_seven_eight_and_nine_hours_ahead() -> None:
    assert {name: str(zone.utcoffset(None)) for name, zone in ZONES.items()} == {
        "wib": "7:00:00", "wita": "8:00:00", "wit": "9:00:00",
    }  # fmt: skip


@pytest.mark.parametrize(
    "opening",
    [
        "[NarayaPost – ]Wali kota hadir.",
        "[YOGYAKARTA, NarayaPost – ]Wali kota hadir.",
        "[NarayaPost, Yogyakarta – ]Wali kota hadir.",
        "[JAKARTA, KOMPAS.com – ]Wali kota hadir.",
        "[Jakarta (ANTARA) - ]Wali kota hadir.",
        "[Jakarta, CNN Indonesia -- ]Wali kota hadir.",
        "[REPUBLIKA.CO.ID, JAKARTA -- ]Wali kota hadir.",
        "[TEMPO.CO, Jakarta - ]Wali kota hadir.",
        "[Liputan6.com, Jakarta - ]Wali kota hadir.",
        "[Kab. Bandung Barat, Kabar Kita – ]Wali kota hadir.",
        "[Sukaraja, Berita Kita – ]Wali kota hadir.",
        "[Jakarta, 14 Desember 2025 – ]Wali kota hadir.",
        "[Jakarta, Minggu (14/12/2025) – ]Wali kota hadir.",
        "[SURABAYA – ]Wali kota hadir.",
        "[WATUMALANG – ]Warga hadir.",
        "[BANDA ACEH — ]Wali kota hadir.",
        "[Jakarta Selatan ― ]Polisi hadir.",
        "[Jakarta - ]iPhone baru hadir.",
        "[Jakarta - ]Jakarta hujan.",
        "[JAKARTA- ]Wali kota hadir.",
        "[BeritaSatu – ]Wali kota hadir.",
        "[detik.com - ]Wali kota hadir.",
        "[Naraya Post – ]wali kota hadir.",
        "[narayapost.com, Sleman – ]wali kota hadir.",
        "[NarayaPost – YOGYAKARTA – ]Wali kota hadir.",
        "[\xa0JAKARTA\xa0–\xa0]“Kami hadir.”",
        "[NarayaPost –]",
    ],
)
def test_takes_off_a_dateline(opening: str) -> None:
    cut = opening.index("]") - 1
    text = opening.replace("[", "").replace("]", "")
    assert split_dateline(text, PORTAL_NAMES) == (text[:cut].strip("\xa0 –—―-"), cut)


@pytest.mark.parametrize(
    "text",
    [
        "Banjir – bencana tahunan – kembali.",
        "Presiden Joko Widodo - yang kini pensiun - hadir.",
        "Covid-19 – Pemerintah bersiap.",
        "COVID-19 – Pemerintah bersiap.",
        "“Kami menang,” – kata dia.",
        "Pada 2025 – Tahun politik.",
        "Timnas U-23 - Malaysia: skor akhir.",
        "Jakarta-Bandung kini ditempuh – kata dia – sejam.",
        "Ya - tidak.",
        "Indonesia - Malaysia sepakat.",
        "Bogor – Depok kini ditempuh sejam.",
        "Di Jakarta, Indonesia – Malaysia sepakat.",
        "Jakarta – kota tua itu – hujan.",
        "Jakarta –hujan.",
        "BMKG – Badan itu bersiap.",
        "PSSI – Induk olahraga itu bersiap.",
        "VIRAL – Sebuah video beredar.",
        "Rafi, Budi – Dua sahabat.",
        "Menteri Agama, Jakarta Pusat – Dia hadir.",
        "NarayaPost: Wali kota hadir.",
        "Wali kota hadir.",
        "- Wali kota hadir.",
        "",
    ],
)
def test_leaves_an_ordinary_opening(text: str) -> None:
    assert split_dateline(text, PORTAL_NAMES) == (None, 0)


def test_believes_an_unknown_medium_only_when_it_is_named_as_the_portals_own() -> None:
    assert split_dateline("Cahaya Desa – Warga hadir.") == (None, 0)
    assert split_dateline("Cahaya Desa – Warga hadir.", ["cahayadesa.id"]) == ("Cahaya Desa", 14)


@pytest.mark.parametrize(
    ("text", "marker"),
    [
        ("Warga pulang.(*)", "(*)"),
        ("Warga pulang. (**)", "(**)"),
        ("Warga pulang. [*]", "[*]"),
        ("Warga pulang.***", "***"),
        ("Warga pulang. * * *", "* * *"),
        ("Warga pulang. (ant/jpp)", "(ant/jpp)"),
        ("Warga pulang (wnv/wnv)", "(wnv/wnv)"),
        ("Warga pulang. (jpp)", "(jpp)"),
        ("Warga pulang!” (red)", "(red)"),
        ("Warga pulang. (Ant)", "(Ant)"),
        ("Warga pulang. (ANTARA)", "(ANTARA)"),
        ("Warga pulang (rls/bud)\xa0\n", "(rls/bud)"),
        ("Warga pulang. (*/red)", "(*/red)"),
        ("Warga pulang.(jpp).", "(jpp)."),
        ("Warga pulang. (bud) ***", "(bud) ***"),
        ("(*)", "(*)"),
    ],
)
def test_takes_off_an_end_marker(text: str, marker: str) -> None:
    kept = text[: text.index(marker)].rstrip()
    assert split_ending(text) == (marker, len(kept))


@pytest.mark.parametrize(
    "text",
    [
        "Rapat aliansi itu (NATO)",
        "Rapat aliansi itu. (NATO)",
        "Minggu (14/12/2025).",
        "Mereka menang (2/1)",
        "Menurut Amerika (AS).",
        "Budi berdiri. (kiri)",
        "Budi berdiri. (tengah)",
        "Cerita itu (bersambung)",
        "Arsip lama. (dok)",
        "Denda (dan/atau)",
        "Kecepatan (km/jam)",
        "Petugas (TNI/Polri)",
        "Lembaga itu (kpk)",
        "Kata redaksi (red)",
        "Kata (jpp) di tengah.",
        "Warga pulang.  ",
        "",
    ],
)
def test_leaves_an_ordinary_ending(text: str) -> None:
    assert split_ending(text) == (None, len(text))


@pytest.mark.parametrize(
    "line",
    [
        "BACA JUGA: |Taman Baru",
        "Baca Juga : |taman baru",
        "Baca juga|",
        "Baca juga |Taman Baru",
        "Baca Juga |taman baru",
        "Lihat juga |“Taman” Baru",
        "Simak juga: |taman baru",
        "Tonton juga » |Taman Baru",
        "Cek juga - |taman baru",
        'Simak Video |"Taman"',
        "Pilihan Redaksi|",
        "Pilihan Editor: |Taman Baru",
        "Berita Terkait|",
        "Artikel Terkait:|",
        "Baca selengkapnya|",
        "Also read: |Taman Baru",
        "Read also|",
        "BACA: |Taman Baru",
        ">> Baca juga: |Taman Baru",
        "• Baca juga: |Taman Baru",
        "[BACA JUGA] |Taman Baru",
        "[BACA JUGA: |Taman Baru]",
        "\xa0Baca\xa0juga:\xa0|Taman Baru",
    ],
)
def test_measures_a_related_label_up_to_the_headline(line: str) -> None:
    assert related_label(line.replace("|", "")) == line.index("|")


@pytest.mark.parametrize(
    "line",
    [
        "Baca juga buku ini sebelum tidur, kata guru itu.",
        "Berita terkait Presiden ramai dibahas.",
        "Berita terkait kasus itu ramai.",
        "Pilihan editor jatuh pada buku itu.",
        "Simak video ini sampai habis.",
        "Baca buku setiap hari.",
        "Bacaan: buku",
        "Ia menulis, baca juga: buku itu.",
        "",
    ],
)
def test_finds_no_related_label_in_prose(line: str) -> None:
    assert related_label(line) == 0


@pytest.mark.parametrize(
    "line",
    [
        "AD PLACEMENT",
        "750 x 100 AD PLACEMENT",
        "ADVERTISEMENT",
        "Advertisement",
        "- Advertisement -",
        "Iklan",
        "SCROLL TO CONTINUE WITH CONTENT",
        "SCROLL UNTUK MELANJUTKAN",
        "ADVERTISEMENT SCROLL TO RESUME CONTENT",
        "Iklan. Gulir ke bawah untuk melanjutkan membaca",
        "Pasang Iklan di Sini",
        "[Gambas:Video 20detik]",
        "[Gambas:Instagram]",
    ],
)
def test_knows_a_placeholder(line: str) -> None:
    assert is_placeholder(line)


@pytest.mark.parametrize(
    "line", ["Iklan rokok dilarang", "Ruang", "Di sini", "Advertisement itu mahal.", "750 x 100", "Gambas", "Adi", ""]
)
def test_leaves_a_line_that_only_speaks_of_advertising(line: str) -> None:
    assert not is_placeholder(line)


@pytest.mark.parametrize(
    "line",
    [
        "Ikuti kami di Google News",
        "Ikuti NarayaPost di Google News",
        "Dapatkan update berita pilihan setiap hari di Telegram kami.",
        "Dapatkan kabar terkini lewat saluran WhatsApp NarayaPost",
        "Gabung di saluran WhatsApp",
        "Yuk, gabung saluran WhatsApp kami!",
        "Simak video pilihan berikut ini:",
        "Cek Berita dan Artikel yang lain di Google News",
        "Download aplikasi NarayaPost sekarang",
        "Jangan lupa subscribe kanal kami",
    ],
)
def test_knows_a_blurb(line: str) -> None:
    assert is_blurb(line)


@pytest.mark.parametrize(
    "line",
    [
        "Ikuti jejak ayahnya, Rafi memilih Google sebagai tempat kerja.",
        "Ikuti jejak ayahnya, Rafi berkarya di YouTube.",
        "WhatsApp meluncurkan saluran baru.",
        "Dapatkan informasi cuaca lewat aplikasi, kata Budi.",
        "Dapatkan berita baik itu segera.",
        "Gabungan saluran air itu bocor.",
        "Bergabung dengan klub itu, Rafi senang.",
        "Ikuti kami di Google News" + " dan seterusnya" * 30,
        "",
    ],
)
def test_leaves_news_that_names_a_channel(line: str) -> None:
    assert not is_blurb(line)
