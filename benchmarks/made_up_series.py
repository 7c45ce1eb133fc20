"""Make up texts of series: the same sentences each time, with other figures and names. None is a copy of another."""

import random
from collections.abc import Mapping
from typing import Final

from benchmarks.articles import _DOES, _PLACE, _WHO
from benchmarks.made_up_news import NAMES, Make, Text, free_sentence

_GOODS: Final = (
    "beras medium", "beras premium", "gula pasir", "minyak goreng curah", "cabai rawit merah", "cabai keriting",
    "bawang merah", "bawang putih", "telur ayam ras", "daging sapi murni", "tepung terigu", "kedelai impor",
)  # fmt: skip


def _prices(share: float) -> Make:
    """Daily prices: the same sentences, of the figures this share as on a day that all know."""
    usual = random.Random(5)
    known = {good: (usual.randint(11, 99), usual.randint(0, 9)) for good in _GOODS}

    def make(chance: random.Random) -> Text:
        lines = []
        for good in _GOODS:
            high, low = known[good] if chance.random() < share else (chance.randint(11, 99), chance.randint(0, 9))
            lines.append([
                f"Harga {good} di pasar tradisional hari ini Rp{high}.{low}00 per kilogram menurut catatan"
                " petugas panel harga pangan."
            ])  # fmt: skip
        opening = (
            "Berikut daftar harga bahan pokok di pasar tradisional yang dihimpun dari panel harga pangan pada"
            f" {chance.randint(1, 28)} {chance.choice(('Maret', 'April', 'Mei', 'Juni', 'Juli'))} 2025."
        )
        closing = (
            "Harga dapat berubah sewaktu-waktu menurut pasokan dari petani dan distributor, sehingga pembeli diminta"
            " memeriksa kembali sebelum berbelanja di pasar terdekat."
        )
        return [[opening], *lines, [closing]]

    return make


def gold(chance: random.Random) -> Text:
    """One price a day, and much that is always said of it."""
    return [
        [f"Harga emas batangan di butik kota hari ini Rp{chance.randint(1_200_000, 1_990_000)} untuk setiap gram."],
        ["Harga itu belum termasuk pajak penghasilan yang dipungut dari pembeli tanpa nomor pokok wajib pajak."],
        ["Emas dijual mulai dari pecahan terkecil sampai batangan besar yang biasa menjadi tabungan keluarga."],
        ["Pembeli dapat memesan lewat laman resmi lalu mengambil batangan di butik terdekat dengan kartu identitas."],
    ]


def forecast(chance: random.Random) -> Text:
    """A district's weather without a figure."""
    place = f"{chance.choice(NAMES)} {chance.choice(NAMES)}"
    sky, later = chance.choice(_SKY), chance.choice(_SKY)
    return [
        [f"Cuaca di {place} besok diprakirakan {sky} sejak pagi, kata petugas badan meteorologi."],
        [f"Menjelang malam langit di atas {place} menjadi {later} dan udara terasa lebih lembap."],
        [f"Warga {place} diminta membawa payung serta memantau kanal resmi sebelum bepergian jauh."],
    ]


_SKY: Final = ("cerah", "cerah berawan", "berawan tebal", "hujan ringan", "hujan sedang", "hujan petir", "udara kabur")


def weather(chance: random.Random) -> Text:
    """Tomorrow's weather in one place."""
    place = chance.choice(NAMES)
    part = "Pada {} hari, kondisi langit di wilayah {} diprakirakan {} dengan suhu antara {} hingga {} derajat Celsius."
    hours = [
        [part.format(hour, place, chance.choice(_SKY), chance.randint(20, 25), chance.randint(26, 34))]
        for hour in ("pagi", "siang", "sore", "malam")
    ]
    return [
        [f"Badan meteorologi merilis prakiraan cuaca wilayah {place} untuk esok hari dan meminta warga tetap waspada."],
        *hours,
        [f"Kelembapan udara berkisar {chance.randint(55, 70)} sampai {chance.randint(75, 98)} persen."],
        [f"Angin bertiup dari arah {chance.choice(('timur', 'barat', 'utara', 'selatan'))} dengan kecepatan"
         f" {chance.randint(4, 25)} kilometer per jam."],
        ["Warga yang beraktivitas di luar ruangan diimbau membawa payung dan memantau kanal resmi sebelum bepergian."],
    ]  # fmt: skip


_HOROSCOPE: Final = [free_sentence(random.Random(1_000 + each)) for each in range(60)]


def horoscope(chance: random.Random) -> Text:
    """A sign's day: the same opening and end, between them sentences of a set of sixty."""
    sign = chance.choice(("Aries", "Taurus", "Gemini", "Cancer", "Leo", "Virgo", "Libra", "Scorpio", "Pisces"))
    return [
        [f"Simak ramalan zodiak {sign} hari ini, mulai dari asmara, karier hingga keuangan, agar hari lebih tertata."],
        *([sentence] for sentence in chance.sample(_HOROSCOPE, 12)),
        [f"Demikian ramalan zodiak {sign} hari ini, semoga menjadi renungan bagi pembaca setia di mana pun berada."],
    ]


def announcement(chance: random.Random) -> Text:
    """What an office sends to all papers, with other names and figures."""
    place, head, people = chance.choice(NAMES), chance.choice(NAMES), chance.randint(20, 400)
    return [
        [f"Kepolisian Resor {place} menggelar operasi keselamatan lalu lintas selama dua pekan di jalan utama kota."],
        [f"Kapolres {place} AKBP {head} mengatakan operasi itu melibatkan {people} personel dari berbagai satuan."],
        ["Sasaran operasi adalah pengendara yang tidak memakai helm, melawan arus, dan berkendara sambil menelepon."],
        [f"Selama pekan pertama, petugas menilang {chance.randint(50, 900)} pengendara dan menegur"
         f" {chance.randint(50, 900)} lainnya di wilayah {place}."],
        [f"“Kami mengutamakan pencegahan,” kata {head} di Mapolres {place}, {chance.choice(('Senin', 'Rabu'))} siang."],
    ]  # fmt: skip


def timetable(chance: random.Random) -> Text:
    """A short text: hours of a day in one place."""
    place = chance.choice(NAMES)
    hours = ", ".join(
        f"{name} {hour:02}.{chance.randint(0, 59):02}"
        for name, hour in (("Imsak", 4), ("Subuh", 4), ("Zuhur", 11), ("Asar", 15), ("Magrib", 17), ("Isya", 19))
    )
    return [
        [f"Berikut jadwal salat untuk wilayah {place} dan sekitarnya pada {chance.randint(1, 28)} Maret 2025."],
        [f"{hours} waktu setempat."],
        ["Jadwal dikutip dari laman resmi kementerian dan dapat berbeda beberapa menit menurut letak masjid."],
    ]


def caption(chance: random.Random) -> Text:
    """A text of a picture only."""
    people, place = f"{chance.choice(_WHO)} {chance.choice(_DOES)}", chance.choice(_PLACE)
    return [[f"Foto-foto {people} di {place}. Geser untuk melihat lainnya."]]


SERIES: Final[Mapping[str, Make]] = {
    "daily prices": _prices(0),
    "daily prices, half unchanged": _prices(0.5),
    "weather of places": weather,
    "weather without figures": forecast,
    "a price a day": gold,
    "horoscope": horoscope,
    "announcement of offices": announcement,
    "timetable": timetable,
    "caption": caption,
}
"""Texts of which none is a copy of another."""
