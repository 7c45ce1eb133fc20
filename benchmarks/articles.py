"""Generate articles of a made-up portal, any number of them: each is derived from its number, and no two are alike.

Nothing is stored: article 73,412 is generated when it is requested, and again when its record is checked.
"""

import random
from datetime import datetime, timedelta, timezone
from functools import cached_property
from typing import NamedTuple

SITE_NAME = "Kabar Muara"
ZONE = timezone(timedelta(hours=7))
FIRST = datetime(2024, 1, 2, 5, 0, 17, tzinfo=ZONE)
BETWEEN = timedelta(minutes=9, seconds=11)
FIRST_ID = 4_100

SECTIONS = {
    "daerah": "Daerah", "ekonomi": "Ekonomi", "pendidikan": "Pendidikan", "olahraga": "Olahraga",
    "budaya": "Budaya", "lingkungan": "Lingkungan", "kesehatan": "Kesehatan", "teknologi": "Teknologi",
}  # fmt: skip
"""Name of each section by slug; an article's is its number modulo their count."""
AUTHORS = (
    "Sari Wulandari", "Bayu Pratama", "Hendra Gunawan", "Ratna Dewi Lestari", "Yusuf Maulana", "Maria Goreti Tukan",
    "Ahmad Fauzan", "Nyoman Suardika", "Dian Puspitasari", "Lukman Hakim", "Theresia Wonga", "Rizal Effendi",
)  # fmt: skip
TAGS = (
    "sungai", "pasar tradisional", "transportasi air", "panen raya", "sekolah dasar", "puskesmas", "koperasi",
    "jalan desa", "festival", "air bersih", "bibit mangrove", "listrik desa", "usaha kecil", "perahu", "irigasi",
)  # fmt: skip
CITIES = ("Banjarmasin", "Samarinda", "Pontianak", "Palembang", "Jambi", "Makassar", "Kendari", "Ambon", "Kupang")

_WHO = (
    "Warga Tepian Sungai", "Petani Kelapa", "Nelayan Kampung Baru", "Pedagang Sayur", "Pengrajin Rotan", "Guru Honorer",
    "Karang Taruna", "Pemilik Warung", "Sopir Perahu", "Kelompok Tani", "Siswa Kejuruan", "Perajin Tenun",
    "Kader Posyandu", "Pengelola Dermaga", "Peternak Itik", "Penyuluh Pertanian", "Ibu Rumah Tangga", "Koperasi Desa",
    "Relawan Kebersihan", "Pembudi Daya Udang",
)  # fmt: skip
_DOES = (
    "Perbaiki Jembatan", "Tanam Bibit Bakau", "Buka Pasar Pagi", "Bangun Sumur Bor", "Latih Pemuda Desa",
    "Gelar Lomba Dayung", "Olah Limbah Sabut", "Tambah Jam Layanan", "Pasang Lampu Surya", "Susun Peta Banjir",
    "Kumpulkan Buku Bekas", "Rawat Saluran Irigasi", "Hidupkan Sanggar Tari", "Cetak Sawah Baru", "Kirim Ikan Asin",
    "Siapkan Dapur Umum", "Bentuk Bank Sampah", "Rintis Wisata Kebun", "Uji Mesin Pengering", "Catat Kenaikan Hasil",
)  # fmt: skip
_PLACE = tuple(
    f"{kind} {name}"
    for kind in ("Desa", "Kampung", "Muara", "Tanjung", "Teluk")
    for name in ("Mawar", "Kenanga", "Ulin", "Melati", "Sirih", "Belida", "Galam", "Rawa", "Cempaka", "Punai")
)
_WHEN = tuple(
    f"{how} {when}"
    for how in ("Menjelang", "Selama", "Sejak", "Setelah", "Hingga")
    for when in (
        "Musim Hujan", "Panen Kedua", "Libur Sekolah", "Awal Tahun", "Hari Pasar",
        "Air Pasang", "Akhir Pekan", "Rapat Desa", "Bulan Puasa", "Musim Angin Barat",
    )
)  # fmt: skip
_PEOPLE = (
    "kepala desa Rahmat Hidayat", "ketua kelompok tani Siti Aminah", "pengurus koperasi Jamilah", "Pak Darius",
    "bidan Yuliana Sembiring", "camat Bambang Sutrisno", "guru Maria Lende", "juru mudi Usman", "Ibu Kartini",
)  # fmt: skip
_THINGS = (
    "perahu kayu", "saluran air", "lumbung padi", "gedung serbaguna", "kebun pembibitan", "jalan setapak", "pos ronda",
    "pompa air", "kios sayur", "ruang baca", "tambatan perahu", "gudang garam",
)  # fmt: skip
_SENTENCES = (
    "Menurut {people}, {thing} itu sudah lama ditunggu oleh lebih dari {number} keluarga di tepian sungai.",
    "Pekerjaan {thing} dimulai sejak pukul tujuh pagi dan melibatkan {number} orang dari tiga kampung.",
    "Sebagian bahan dibeli dengan uang iuran, sebagian lagi disumbangkan oleh pemilik {thing} di seberang.",
    "“Kami bekerja bergantian, yang muda mengangkat dan yang tua memasak,” kata {people} saat ditemui di lokasi.",
    "Dalam catatan pengurus, {number} rumah tangga memakai {thing} itu setiap hari, terutama pada pagi dan sore.",
    "Sebelum ada {thing}, warga harus berjalan memutar hampir {number} menit melewati pematang yang licin.",
    "“Anak-anak sekarang berangkat tanpa melepas sepatu,” ujar {people} sambil menunjuk {thing} yang baru dicat.",
    "Biaya perawatan {thing} ditanggung bersama, dan {people} mencatat setiap pengeluaran di papan balai desa.",
    "Hujan yang turun berhari-hari sempat menghentikan pekerjaan, tetapi {thing} tidak rusak sama sekali.",
    "Pada rapat terakhir, {people} mengusulkan agar {thing} dibuka juga pada malam hari bagi pedagang keliling.",
    "Usul itu diterima, dengan syarat ada {number} orang yang bergiliran menjaga {thing} sampai tengah malam.",
    "Kayu ulin untuk {thing} didatangkan dari hulu dengan rakit, sebuah perjalanan yang memakan waktu tiga hari.",
    "Harga sewa {thing} tidak naik sejak tahun lalu karena pengurus lebih mengutamakan ketertiban daripada laba.",
    "Seorang mahasiswa yang meneliti {thing} itu menghitung bahwa hasilnya naik {number} persen dalam setahun.",
    "Di sisi lain, {people} mengingatkan bahwa {thing} hanya bertahan lama bila sampah tidak dibuang ke sungai.",
    "Pelatihan singkat diberikan kepada {number} pemuda agar mereka mampu memperbaiki {thing} sendiri.",
    "“Kalau menunggu bantuan, mungkin tahun depan baru jadi,” tutur {people}, lalu tertawa kecil.",
    "Setiap Jumat sore, {thing} dibersihkan bersama dan diakhiri dengan makan ikan bakar di tepi dermaga.",
)
_HEADINGS = (
    "Dikerjakan bergotong royong", "Menunggu air surut", "Suara dari dermaga", "Rencana tahun depan",
    "Berawal dari iuran kecil", "Hasil yang mulai terasa", "Belajar dari kampung tetangga",
)  # fmt: skip
_POOL = 601  # prime: stepping through them by any step uses each paragraph once
_MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip
_DAYS = ["Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"]


class Block(NamedTuple):
    """A block of an article's text; if its kind is `related`, `html` is the number of another article."""

    kind: str
    html: str
    text: str


class Article(NamedTuple):
    """An article, without its text."""

    number: int
    id: int
    path: str
    title: str
    date: datetime
    author: str
    section: str
    tags: tuple[str, ...]
    edits: int = 0
    """How often it was edited; each edit adds a paragraph."""
    edited: datetime | None = None
    """When it was last edited; None if it never was."""

    @property
    def slug(self) -> str:
        return self.path.split("/")[2]

    @property
    def modified(self) -> datetime:
        return self.edited or self.date


def display_date(day: datetime) -> str:
    """Format a date as a portal shows it: `Minggu, 14 Desember 2025 | 21:35 WIB`."""
    return f"{_DAYS[day.weekday()]}, {day.day} {_MONTHS[day.month - 1]} {day.year} | {day:%H:%M} WIB"


def article(number: int) -> Article:
    """Return the article of a number, from 1; higher numbers are newer."""
    rest = number * 7_919 % (len(_WHO) * len(_DOES) * len(_PLACE) * len(_WHEN))
    rest, who = divmod(rest, len(_WHO))
    rest, does = divmod(rest, len(_DOES))
    when, place = divmod(rest, len(_PLACE))
    title = f"{_WHO[who]} {_PLACE[place]} {_DOES[does]} {_WHEN[when]}"
    section = [*SECTIONS][number % len(SECTIONS)]
    return Article(
        number,
        FIRST_ID + 3 * number,
        f"/{section}/{title.lower().replace(' ', '-')}-{number}/",
        title,
        FIRST + number * BETWEEN,
        AUTHORS[number * 5 % len(AUTHORS)],
        section,
        tuple(TAGS[(number * 2 + 4 * step) % len(TAGS)] for step in range(2 + number % 3)),
    )


def number_of(path: str) -> int | None:
    """Return the number at the end of an article's path; None for another path."""
    digits = path.rstrip("/").rpartition("-")[2]
    return int(digits) if digits.isdecimal() and len(digits) < 10 else None


class Texts:
    """The texts of all articles, composed of one set of paragraphs."""

    @cached_property
    def _paragraphs(self) -> list[tuple[str, str]]:
        """HTML and text of each paragraph; some contain a link or bold text."""
        chance = random.Random(20)
        paragraphs = []
        for position in range(_POOL):
            sentences = chance.sample(_SENTENCES, chance.randint(2, 4))
            filled = [
                sentence.format(
                    people=chance.choice(_PEOPLE), thing=chance.choice(_THINGS), number=chance.randint(12, 480)
                )
                for sentence in sentences
            ]
            text = html = " ".join(filled)
            if position % 7 == 0:
                html = html.replace("tepian sungai", '<a href="/tag/sungai/">tepian sungai</a>', 1)
            elif position % 5 == 0:
                first = filled[0]
                html = html.replace(first, f"<strong>{first}</strong>", 1)
            paragraphs.append((html, text))
        return paragraphs

    def blocks(self, article: Article) -> tuple[str, list[Block]]:
        """Return the dateline of an article and its blocks: 8 to 25 paragraphs, between them headings, lists,
        quotations and related links."""
        number = article.number
        city = CITIES[number % len(CITIES)]
        opening = (
            f"{article.title.capitalize()} mendapat perhatian pembaca setelah laporan nomor {number} terbit dan "
            f"{number % 83 + 11} warga menulis tanggapan kepada redaksi."
        )
        blocks = [Block("p", opening, opening)]
        count, step = 7 + number % 18, 1 + number // _POOL % (_POOL - 1)
        for position in range(count):
            html, text = self._paragraphs[(number + position * step) % _POOL]
            blocks.append(Block("p", html, text))
            if position == 1 or (position == 6 and number % 2):
                blocks.append(Block("related", str(self.related(number, position)), ""))
            if position % 6 == 3 and position + 1 < count:
                heading = _HEADINGS[(number + position) % len(_HEADINGS)]
                blocks.append(Block("h2", heading, heading))
            if position == 5 and number % 4 == 1:
                items = [f"{thing.capitalize()}: {number % 40 + 7} unit" for thing in _THINGS[number % 8 :][:4]]
                blocks += [Block("li", item, item) for item in items]
            if position == 4 and number % 5 == 2:
                html, text = self._paragraphs[(number * 3 + 1) % _POOL]
                blocks.append(Block("blockquote", text, text))
        for edit in range(1, article.edits + 1):
            text = (
                f"Pada perubahan ke-{edit} redaksi menambahkan bahwa {number % 97 + edit} keluarga lain di kampung "
                f"sebelah ikut mendaftar setelah laporan ini dibaca."
            )
            blocks.append(Block("p", text, text))
        return f"{city.upper()}, {SITE_NAME}", blocks

    @staticmethod
    def related(number: int, position: int) -> int:
        """Return the number of an older article that this one links to; the first links to itself."""
        return max(1, number - 17 - 5 * position - number % 9)
