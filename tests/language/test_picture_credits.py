"""The caption of a picture and its credit."""

import pytest

from narayacrawl.language.picture_credits import split_credit


@pytest.mark.parametrize(
    ("caption", "text", "credit"),
    [
        ("Banjir di Demak. Foto: www.narayapost.example", "Banjir di Demak.", "www.narayapost.example"),
        ("Banjir di Demak - Foto: Bayu K.", "Banjir di Demak", "Bayu K."),
        ("Banjir di Demak (Foto: ANTARA/Bayu)", "Banjir di Demak", "ANTARA/Bayu"),
        ("Banjir di Demak (Foto: Bayu).", "Banjir di Demak.", "Bayu"),
        ("Banjir di Demak (foto: Bayu)", "Banjir di Demak", "Bayu"),
        ("Banjir di Demak (NarayaPost/Bayu)", "Banjir di Demak", "NarayaPost/Bayu"),
        ("Banjir di Demak. Foto/Humas Pemkot", "Banjir di Demak.", "Humas Pemkot"),
        ("Banjir di Demak (Dok. Humas Polda)", "Banjir di Demak", "Dok. Humas Polda"),
        ("Banjir di Demak. Dok. Humas", "Banjir di Demak.", "Dok. Humas"),
        ("Banjir di Demak. ANTARA FOTO/Bayu/agr", "Banjir di Demak.", "ANTARA FOTO/Bayu/agr"),
        ("Banjir di Demak (ANTARA/Bayu)", "Banjir di Demak", "ANTARA/Bayu"),
        ("Banjir di Demak (Istimewa)", "Banjir di Demak", "Istimewa"),
        ("Banjir di Demak. Ilustrasi.", "Banjir di Demak.", "Ilustrasi"),
        ("Banjir (Tangkapan layar YouTube Bayu)", "Banjir", "Tangkapan layar YouTube Bayu"),
        ("Banjir di Demak. Photo by Bayu on Unsplash", "Banjir di Demak.", "Bayu on Unsplash"),
        ("Banjir di Demak. /Bayu", "Banjir di Demak.", "Bayu"),
        ("Bayu (tengah), Sumber: Instagram @bayu", "Bayu (tengah)", "Instagram @bayu"),
        ("Foto: Bayu", None, "Bayu"),
        ("Credit: Bayu", None, "Bayu"),
        ("Kredit: Bayu", None, "Bayu"),
        ("Sumber: Bayu", None, "Bayu"),
        ("ANTARA FOTO/Bayu/agr", None, "ANTARA FOTO/Bayu/agr"),
        ("Ilustrasi.", None, "Ilustrasi"),
        ("Pasar ikan/Dok. Humas Pemkot", "Pasar ikan", "Dok. Humas Pemkot"),
        ("Pasar ikan / Dokumentasi Warga", "Pasar ikan", "Dokumentasi Warga"),
        ("Pasar ikan/Istimewa", "Pasar ikan", "Istimewa"),
        ("Pasar ikan (Dokpri)", "Pasar ikan", "Dokpri"),
        ("Pasar ikan (TEMPO/Bayu)", "Pasar ikan", "TEMPO/Bayu"),
        ("Pasar ikan (Foto: Bayu/Warta Kota)", "Pasar ikan", "Bayu/Warta Kota"),
        ("WARTA.co.id/BAYU ADI", None, "WARTA.co.id/BAYU ADI"),
        ("NarayaPost/Bayu", None, "NarayaPost/Bayu"),
        ("Pasar ikan ramai. warta.com/Bayu Adi", "Pasar ikan ramai.", "warta.com/Bayu Adi"),
        ("Pasar ikan, Rabu (5/11). Warta Kota/Bayu Adi", "Pasar ikan, Rabu (5/11).", "Warta Kota/Bayu Adi"),
        ("Pasar ikan, Rabu (5/11) Warta/Bayu Adi", "Pasar ikan, Rabu (5/11)", "Warta/Bayu Adi"),
        ("Oleh: Bayu Adi", None, "Bayu Adi"),
        ("oleh Bayu Adi", None, "Bayu Adi"),
        ("Foto oleh: Bayu Adi", None, "Bayu Adi"),
        ("Pasar ikan ramai. Oleh: Bayu Adi", "Pasar ikan ramai.", "Bayu Adi"),
        ("Pasar ikan (Oleh: Bayu Adi)", "Pasar ikan", "Bayu Adi"),
        ("", None, None),
    ],
)
def test_parts_a_caption_from_its_credit(caption: str, text: str | None, credit: str | None) -> None:
    assert split_credit(caption) == (text, credit)


@pytest.mark.parametrize(
    "caption",
    [
        "Oleh warga, pasar ikan dibuka kembali.",
        "Pasar ikan dibuka oleh Bayu Adi",
        "Foto udara kawasan banjir di Demak.",
        "Warga melihat foto: lukisan tua.",
        "Foto: Warga melintas di jalan yang banjir.",
        "Ilustrasi banjir di Demak.",
        "Tangkapan layar video banjir di Demak.",
        "Bayu (kiri) dan Rina (kanan)",
        "Apel pada Minggu (14/12/2025)",
        "Rapat aliansi itu (NATO)",
        "Petugas gabungan (TNI/Polri)",
        "Kereta 70 km/jam di Jalur A/B",
        "Nelayan dan/atau pedagang di pasar ikan",
        "Pasar ikan pada Rabu 5/11",
        "Pasar ikan. Petugas TNI/Polri",
        "Pasar ikan. Bupati/Wakil Bupati Demak",
        "TNI/Polri",
        "Jembatan/Jalan Raya Demak",
        "Pasar ikan di Demak/Kudus",
    ],
)
def test_keeps_a_caption_that_has_no_credit(caption: str) -> None:
    assert split_credit(caption) == (caption, None)
