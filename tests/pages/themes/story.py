"""The articles that every theme prints: what the newsroom wrote, in the shapes that editors leave it in."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from narayacrawl import Image, RelatedLink

SITE = "https://portal.example"
UPLOADS = f"{SITE}/wp-content/uploads/2025/12"
PIXEL = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="


class Part(NamedTuple):
    """A part of an article: a block of its text, or `related`, `image`, `credit`, `plugin`, which are none.

    `text` is the headline of a related line, the caption of an image; `href` its address.
    """

    kind: str
    text: str
    href: str = ""


class Other(NamedTuple):
    """Another article of the portal, as its cards show it."""

    title: str
    excerpt: str

    @property
    def url(self) -> str:
        return f"{SITE}/ekonomi/{self.title.lower().replace(' ', '-')}/"

    @property
    def link(self) -> str:
        return f'<a href="{self.url}" rel="bookmark" title="{self.title}">{self.title}</a>'

    @property
    def image(self) -> str:
        return f'<img width="300" height="200" src="{UPLOADS}/kartu-300x200.jpg" class="wp-post-image" alt="">'


OTHERS = (
    Other("Harga Cabai Turun Menjelang Akhir Tahun", "Petani di hulu memanen lebih awal sehingga pasokan cabai ke "
          "pasar induk naik dua kali lipat dalam sepekan terakhir."),
    Other("Jembatan Gantung Desa Mawar Selesai Diperbaiki", "Warga kini dapat menyeberang tanpa memutar ke kecamatan, "
          "setelah tali baja dan papan lantai jembatan diganti seluruhnya."),
    Other("Sekolah Terapung Buka Kelas Malam untuk Nelayan", "Dua puluh nelayan belajar membaca peta cuaca dan "
          "menghitung biaya melaut di ruang kelas yang ditambatkan di muara."),
    Other("Pabrik Es Balok Pindah ke Dekat Dermaga", "Pemilik pabrik memilih lokasi baru agar nelayan tidak lagi "
          "mengangkut es balok dengan gerobak sejauh tiga kilometer."),
    Other("Listrik Padam Bergilir Berakhir Pekan Ini", "Perusahaan listrik menyatakan perbaikan gardu selesai lebih "
          "cepat dari jadwal, dan pemadaman bergilir tidak diperlukan lagi."),
    Other("Perpustakaan Keliling Singgah di Tiga Kampung", "Kapal kecil bercat kuning itu membawa seribu buku dan "
          "meminjamkannya selama dua pekan kepada siswa di tepian sungai."),
    Other("Lomba Dayung Antarkampung Digelar Januari", "Panitia menyiapkan lintasan sepanjang delapan ratus meter dan "
          "mengundang regu dari dua belas kampung di sepanjang sungai."),
)  # fmt: skip

QUOTED = Part("p", "Kepala dermaga Ahmad Fauzan mengatakan jadwal baru itu diputuskan setelah pengelola menghitung "
              "jumlah kendaraan selama tiga pekan. “Pada akhir pekan lebih dari empat ratus sepeda motor menunggu "
              "setelah pukul sembilan malam,” kata Fauzan, Minggu (14/12/2025).")  # fmt: skip
TEXT = (
    Part("p", "BANJARMASIN, Kabar Dermaga – Pengelola feri penyeberangan Sungai Barito menambah dua perjalanan malam "
         "mulai pekan depan karena antrean kendaraan di kedua sisi dermaga kerap mengular hingga tengah malam."),
    QUOTED,
    Part("related", OTHERS[0].title, OTHERS[0].url),
    Part("p", "Dua perjalanan tambahan berangkat pukul 22.30 dan 23.45 waktu setempat. Tarif tidak berubah, yakni "
         "Rp7.500 untuk sepeda motor dan Rp28.000 untuk mobil penumpang."),
    Part("h2", "Pedagang sayur menyambut baik"),
    Part("p", "Jamilah, pedagang sayur dari seberang, menyebut perjalanan malam membuatnya tidak lagi menginap di "
         "teras pasar. “Saya bisa pulang, tidur di rumah, lalu kembali sebelum subuh,” ujarnya sambil menata karung "
         "kangkung."),
    Part("image", "Jamilah menata kangkung di geladak kapal. (Foto: Dok. Pengelola)", f"{UPLOADS}/kangkung.jpg"),
    Part("p", "Menurut catatan pengelola, ada tiga kapal yang beroperasi bergantian. Satu kapal lagi masih menunggu "
         "pergantian mesin di galangan dan baru akan turun ke air pada Februari tahun depan."),
    Part("ul", "Kapal Ulin Jaya: empat puluh mobil"),
    Part("ul", "Kapal Teluk Indah: tiga puluh dua mobil"),
    Part("blockquote", "Kami tidak ingin warga memilih jalan memutar sejauh enam puluh kilometer hanya karena kapal "
         "terakhir sudah berangkat."),
    Part("p", "Dinas Perhubungan setempat akan menempatkan petugas di pintu masuk dermaga agar kendaraan tidak menutup "
         "badan jalan. Petugas juga memeriksa pelampung sebelum setiap keberangkatan malam."),
    Part("related", OTHERS[1].title, OTHERS[1].url),
    Part("p", "Warga dapat membaca jadwal lengkap di papan pengumuman dermaga atau menanyakannya kepada petugas loket. "
         "Jadwal itu berlaku sampai akhir Januari dan akan ditinjau kembali sesudahnya. (*)"),
    Part("credit", "Editor: Rina Maheswari"),
)  # fmt: skip
BRIEF = (
    Part("p", "BANJARMASIN, Kabar Dermaga – Feri penyeberangan Sungai Barito berhenti beroperasi sampai pukul delapan "
         "pagi karena kabut tebal."),
    Part("p", "Penumpang yang sudah membeli karcis boleh menunggu di ruang tunggu dermaga. (sar/rin)"),
)  # fmt: skip
MORE = tuple(
    Part("p", f"Di pos {place}, petugas mencatat {count} kendaraan menyeberang setiap malam sepanjang pekan lalu, dan "
         f"separuhnya mengangkut hasil kebun. Kepala pos {place} meminta sopir datang setengah jam lebih awal supaya "
         "muatan dapat ditimbang sebelum naik ke kapal.")
    for place, count in (("Ulin", 90), ("Meranti", 120), ("Kecapi", 64), ("Rambai", 38), ("Galam", 75), ("Nipah", 41))
)  # fmt: skip
CLASSIC = tuple(part for part in TEXT if part.kind not in ("ul", "h2", "blockquote"))


@dataclass(frozen=True)
class Story:
    """An article, and how its text is marked up."""

    parts: tuple[Part, ...]
    marked_up: Callable[[Iterable[Part], str], str]
    title: str = "Feri Sungai Barito Tambah Dua Perjalanan Malam"
    told: bool = True
    """Whether the page has metadata."""
    lazy: str = ""
    """How pictures are put off, an attribute; "" where they are not."""
    people: tuple[str, ...] = ("Sari Wulandari",)

    @property
    def body(self) -> list[str]:
        """The text as it must be read: without dateline and end marker."""
        kept = [p.text for p in self.parts if p.kind in ("p", "h2", "ul", "blockquote")]
        kept[0] = kept[0].partition(" – ")[2]
        return [text.removesuffix(" (*)").removesuffix(" (sar/rin)") for text in kept]

    @property
    def related(self) -> list[RelatedLink]:
        return [RelatedLink(p.text, p.href) for p in self.parts if p.kind == "related"]

    @property
    def images(self) -> list[Image]:
        """The pictures inside the text."""
        told = (p.text.removesuffix(")").split(" (Foto: ") for p in self.parts if p.kind == "image")
        urls = (p.href for p in self.parts if p.kind == "image")
        return [Image(url, caption, credit) for url, (caption, credit) in zip(urls, told, strict=True)]

    @property
    def editors(self) -> list[str]:
        return [p.text.removeprefix("Editor: ") for p in self.parts if p.kind == "credit"]

    def content(self, related: str) -> str:
        """What `the_content()` prints; `related` is the shape of the theme's related lines."""
        html = self.marked_up(self.parts, related)
        if self.lazy == "amp-img":
            return html.replace("<img ", '<amp-img layout="responsive" ')
        return html.replace("<img src=", f'<img src="{PIXEL}" {self.lazy}=') if self.lazy else html

    def picture(self, url: str, names: str = "") -> str:
        """An `img`, as it is or put off."""
        name = url.rpartition(".")[0]
        source, sources = f"{name}-1024x683.jpg", f"{name}-1024x683.jpg 1024w, {url} 1280w"
        if self.lazy == "amp-img":
            return (
                f'<amp-img width="1280" height="853" layout="responsive" src="{source}" srcset="{sources}"></amp-img>'
            )
        if not self.lazy:
            shown = f'src="{source}" srcset="{sources}" sizes="(max-width: 1024px) 100vw, 1024px"'
        else:
            shown = f'src="{PIXEL}" {self.lazy}="{source}" {self.lazy}set="{sources}"'
        return f'<img width="1024" height="683" {shown} class="{names}" alt="">'


def blocks(parts: Iterable[Part], related: str) -> str:
    """As the block editor saves it."""
    html = []
    for part in parts:
        if part.kind == "related":
            html.append(related.format(url=part.href, title=part.text))
        elif part.kind == "plugin":
            html.append(part.text)
        elif part.kind == "image":
            html.append(
                f'<figure class="wp-block-image size-large"><img src="{part.href}" alt="" class="wp-image-41"/>'
                f'<figcaption class="wp-element-caption">{part.text}</figcaption></figure>'
            )
        elif part.kind == "ul":
            html.append(f'<ul class="wp-block-list"><li>{part.text}</li></ul>')
        elif part.kind == "blockquote":
            html.append(f'<blockquote class="wp-block-quote is-layout-flow"><p>{part.text}</p></blockquote>')
        elif part.kind == "h2":
            html.append(f'<h2 class="wp-block-heading"><strong>{part.text}</strong></h2>')
        else:
            html.append(f"<p>{part.text}</p>")
    return "\n\n".join(html).replace('</ul>\n\n<ul class="wp-block-list">', "")


def _unmarked(part: Part, related: str, paragraph: str) -> str:
    if part.kind == "related":
        return related.format(url=part.href, title=part.text)
    if part.kind == "plugin":
        return part.text
    if part.kind == "image":
        return (
            f'<div id="attachment_41" style="width: 1034px" class="wp-caption"><img src="{part.href}" alt="" '
            f'class="size-large wp-image-41"><p id="caption-41" class="wp-caption-text">{part.text}</p></div>'
        )
    return paragraph.format(part.text)


def breaks(parts: Iterable[Part], related: str) -> str:
    """As a text pasted into the classic editor stays: lines broken in two."""
    return "\n".join(_unmarked(part, related, "{}<br /><br />") for part in parts)


def divs(parts: Iterable[Part], related: str) -> str:
    """As a text pasted from a mail stays: a `div` a paragraph, empty ones between."""
    return "\n".join(
        _unmarked(part, related, '<div dir="auto"><span>{}</span></div><div>&nbsp;</div>') for part in parts
    )
