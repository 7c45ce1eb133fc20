"""Render pages in four themes, with the markup that WordPress, plugins and themes write.

What is the same on all pages is filled in once; an article's values are then filled in by one bytes formatting. As real
pages of WordPress portals, these have four to eight elements a kilobyte and half of their bytes in style sheets and
scripts of the head. All texts were written for this project.
"""

import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path

from benchmarks.articles import SECTIONS, SITE_NAME, TAGS

FOLDER = Path(__file__).parent / "markup"
TEMPLATE = re.compile(r'<template id="(\w+)">(.*?)</template>\n', re.DOTALL)
SLOT = re.compile(r"\{(\w+)\}")
NAMES = ("generatepress", "newspaper", "jnews", "twenty-twenty-three")

ABOUT = (
    f"{SITE_NAME} adalah portal berita warga tepian sungai. Kami menulis tentang pasar, perahu, sekolah dan cuaca, "
    "dan menerima kiriman tulisan dari pembaca. Redaksi berkantor di lantai dua pasar lama."
)
PAGES = ("Tentang Kami", "Redaksi", "Pedoman Media Siber", "Kontak", "Kebijakan Privasi")
AD = (
    '<ins class="adsbygoogle" style="display:block" data-ad-client="ca-pub-0" data-ad-slot="7" data-ad-format="auto">'
    "</ins><script>(adsbygoogle = window.adsbygoogle || []).push({});</script>"
)
SHARERS = {
    "facebook": "https://www.facebook.com/sharer/sharer.php?u={url}",
    "twitter": "https://twitter.com/intent/tweet?url={url}&amp;text={slug}",
    "whatsapp": "https://api.whatsapp.com/send?text={url}",
    "telegram": "https://t.me/share/url?url={url}",
    "copy": "{url}",
}
SHARE = (
    '<div class="heateor_sss_sharing_container heateor_sss_horizontal_sharing" data-heateor-sss-href="{url}">'
    '<div class="heateor_sss_sharing_title">Bagikan</div><div class="heateor_sss_sharing_ul">'
    + "".join(
        f'<a aria-label="{name.title()}" class="heateor_sss_{name}" href="{address}" rel="nofollow noopener" '
        f'target="_blank"><span class="heateor_sss_svg"><svg viewBox="0 0 32 32" width="100%" height="100%">'
        f'<path fill="#fff" d="M28 16c0-6.6-5.4-12-12-12S4 9.4 4 16" /></svg></span></a>'
        for name, address in SHARERS.items()
    )
    + "</div></div>"
)
COMMENTS = """<div id="respond" class="comment-respond"><h3 id="reply-title"
class="comment-reply-title">Tinggalkan Balasan <small>
<a rel="nofollow" id="cancel-comment-reply-link" href="{url}#respond" style="display:none;">Batalkan balasan</a>
</small></h3><form action="{site}/wp-comments-post.php" method="post" id="commentform" class="comment-form" novalidate>
<p class="comment-notes"><span id="email-notes">Alamat email Anda tidak akan dipublikasikan.</span>
<span class="required-field-message">Ruas yang wajib ditandai <span class="required">*</span></span></p>
<p class="comment-form-comment"><label for="comment">Komentar <span class="required">*</span></label>
<textarea id="comment" name="comment" cols="45" rows="8" maxlength="65525" required></textarea></p>
<p class="comment-form-author"><label for="author">Nama</label><input id="author" name="author" type="text" /></p>
<p class="comment-form-email"><label for="email">Email</label><input id="email" name="email" type="email" /></p>
<p class="comment-form-url"><label for="url">Situs Web</label><input id="url" name="url" type="url" /></p>
<p class="comment-form-cookies-consent"><input id="wp-comment-cookies-consent" name="wp-comment-cookies-consent"
type="checkbox" value="yes" /><label for="wp-comment-cookies-consent">Simpan nama dan email saya.</label></p>
<p class="form-submit"><input name="submit" type="submit" id="submit" class="submit" value="Kirim Komentar" />
<input type="hidden" name="comment_post_ID" value="{id}" id="comment_post_ID" />
<input type="hidden" name="comment_parent" id="comment_parent" value="0" /></p></form></div>"""
HUES = (
    "black", "cyan-bluish-gray", "white", "pale-pink", "vivid-red", "luminous-vivid-orange", "light-green-cyan",
    "vivid-cyan-blue",
)  # fmt: skip


def menu(site: str) -> str:
    """Return the menu of `wp_nav_menu()`: front page and sections, two of them in a submenu of the front page."""
    items = []
    for number, (slug, name) in enumerate(SECTIONS.items(), 120):
        kind = "menu-item menu-item-type-taxonomy menu-item-object-category"
        items.append(
            f'<li id="menu-item-{number}" class="{kind} menu-item-{number}">'
            f'<a href="{site}/category/{slug}/">{name}</a></li>'
        )
    below = f'<ul class="sub-menu">{"".join(items[-2:])}</ul>'
    home = (
        f'<li id="menu-item-119" class="menu-item menu-item-type-custom menu-item-object-custom menu-item-home '
        f'menu-item-has-children menu-item-119"><a href="{site}/">Beranda</a>{below}</li>'
    )
    return home + "".join(items[:-2])


def links(site: str) -> str:
    """Return the menu of static pages."""
    return "".join(
        f'<li class="page_item menu-item menu-item-type-post_type menu-item-object-page page-item-{number}">'
        f'<a href="{site}/{name.lower().replace(" ", "-")}/">{name}</a></li>'
        for number, name in enumerate(PAGES, 7)
    )


def styles(theme: str) -> str:
    """Return the style sheets of the head: WordPress' presets and blocks, and rules of the theme."""
    presets = "".join(f"--wp--preset--color--{hue}: #{71 * (n + 3):06x};" for n, hue in enumerate(HUES))
    presets += "".join(f"--wp--preset--spacing--{size}0: {size / 9:.3f}rem;" for size in range(2, 9))
    presets += "".join(f"--wp--preset--shadow--{hue}: 6px 6px 9px rgba(0, 0, 0, 0.2);" for hue in HUES)
    colours = "".join(
        f".has-{hue}-{what}{{{rule}: var(--wp--preset--color--{hue}) !important;}}"
        for hue in HUES
        for what, rule in (("color", "color"), ("background-color", "background-color"), ("border-color", "border"))
    )
    rules = "".join(
        f".{theme}-box-{number} .{theme}-title{{font-size:{12 + number}px;line-height:1.{number};margin:0 0 {number}px;"
        f"padding:{number}px 0;border-bottom:1px solid #e{number:02d}e{number:02d}}}"
        f"@media (max-width:{600 + 8 * number}px){{.{theme}-box-{number}{{display:block;width:100%}}}}"
        for number in range(1, 31)
    )
    sheets = "".join(
        f"<link rel='stylesheet' id='{name}-css' href='/wp-content/{where}/{name}/style.css?ver=3.2.1' media='all' />\n"
        for name, where in (
            (theme, "themes"),
            ("wp-block-library", "plugins"),
            ("heateor", "plugins"),
            ("wpp", "plugins"),
        )
    )
    return (
        f"{sheets}<style id='global-styles-inline-css'>:root{{{presets}}}{colours}</style>\n"
        f"<style id='{theme}-inline-css'>{rules}</style>\n<style id='wp-emoji-styles-inline-css'>"
        "img.wp-smiley, img.emoji { display: inline !important; border: none !important; "
        "box-shadow: none !important; height: 1em !important; }"
        "</style>\n"
    )


def scripts(theme: str) -> str:
    """Return the scripts of the head: preloads, jQuery, the emoji check, the theme's options."""
    options = {f"{theme}_option_{number}": f"nilai {number * 37 % 101} / {theme}" for number in range(40)}
    loads = "".join(
        f"<link rel='preload' href='/wp-content/themes/{theme}/fonts/{name}.woff2' as='font' crossorigin>\n"
        for name in ("open-sans-400", "open-sans-700", "icons")
    )
    check = "".join(
        f"function t{number}(e,t){{var n=e.getContext('2d');n.fillText(t,0,{number});return n.getImageData(0,0,9,9)}}"
        for number in range(16)
    )
    return (
        f"{loads}<script>window._wpemojiSettings = {json.dumps({'ext': '.png', 'svgUrl': '/s/', 'source': {}})};{check}"
        f"</script>\n<script src='/wp-includes/js/jquery/jquery.min.js?ver=3.7.1' id='jquery-core-js'></script>\n"
        f"<script src='/wp-includes/js/jquery/jquery-migrate.min.js' id='jquery-migrate-js'></script>\n"
        f"<script id='{theme}-js-extra'>var {theme.replace('-', '_')}_options = {json.dumps(options)};</script>\n"
    )


def graph() -> str:
    """Return JSON-LD as Yoast SEO writes it, with slots for an article's values."""
    page, site = "{url}", "{site}/"
    nodes = [
        {"@type": "NewsArticle", "@id": f"{page}#article", "isPartOf": {"@id": page}, "headline": "{title}",
         "author": {"name": "{author}", "@id": f"{site}#/schema/person/" "{writer}"}, "datePublished": "{utc}",
         "dateModified": "{edited}", "mainEntityOfPage": {"@id": page}, "wordCount": 412, "commentCount": 0,
         "publisher": {"@id": f"{site}#organization"}, "image": {"@id": f"{page}#primaryimage"},
         "thumbnailUrl": "{image}.jpg", "keywords": ["{tag_words}"], "articleSection": ["{section_name}"],
         "inLanguage": "id"},
        {"@type": "WebPage", "@id": page, "url": page, "name": f"{{title}} - {SITE_NAME}",
         "isPartOf": {"@id": f"{site}#website"}, "primaryImageOfPage": {"@id": f"{page}#primaryimage"},
         "datePublished": "{utc}", "dateModified": "{edited}", "description": "{excerpt}",
         "breadcrumb": {"@id": f"{page}#breadcrumb"}, "inLanguage": "id",
         "potentialAction": [{"@type": "ReadAction", "target": [page]}]},
        {"@type": "ImageObject", "inLanguage": "id", "@id": f"{page}#primaryimage", "url": "{image}.jpg",
         "contentUrl": "{image}.jpg", "width": 1200, "height": 675},
        {"@type": "BreadcrumbList", "@id": f"{page}#breadcrumb", "itemListElement": [
            {"@type": "ListItem", "position": 1, "name": "Beranda", "item": site},
            {"@type": "ListItem", "position": 2, "name": "{section_name}", "item": f"{site}category/" "{section}/"},
            {"@type": "ListItem", "position": 3, "name": "{title}"}]},
        {"@type": "WebSite", "@id": f"{site}#website", "url": site, "name": SITE_NAME, "description": "Kabar tepian",
         "publisher": {"@id": f"{site}#organization"}, "inLanguage": "id"},
        {"@type": "Organization", "@id": f"{site}#organization", "name": SITE_NAME, "url": site,
         "logo": {"@type": "ImageObject", "url": "{uploads}/logo.png", "width": 320, "height": 64}},
        {"@type": "Person", "@id": f"{site}#/schema/person/" "{writer}", "name": "{author}",
         "url": f"{site}author/" "{writer}/", "sameAs": [site]},
    ]  # fmt: skip
    return json.dumps({"@context": "https://schema.org", "@graph": nodes}, ensure_ascii=False)


HEAD = """<meta charset="UTF-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name='robots' content='index, follow, max-image-preview:large, max-snippet:-1, max-video-preview:-1' />
"""
POST_HEAD = """<title>{title} - {name}</title>
<meta name="description" content="{excerpt}" /><link rel="canonical" href="{url}" />
<meta property="og:locale" content="id_ID" /><meta property="og:type" content="article" />
<meta property="og:title" content="{title} - {name}" /><meta property="og:description" content="{excerpt}" />
<meta property="og:url" content="{url}" /><meta property="og:site_name" content="{name}" />
<meta property="article:publisher" content="https://www.facebook.com/kabarmuara" />
<meta property="article:published_time" content="{utc}" /><meta property="article:modified_time" content="{edited}" />
<meta property="og:image" content="{image}.jpg" /><meta property="og:image:width" content="1200" />
<meta property="og:image:height" content="675" /><meta property="og:image:type" content="image/jpeg" />
<meta name="author" content="{author}" /><meta name="twitter:card" content="summary_large_image" />
<meta name="twitter:label1" content="Ditulis oleh" /><meta name="twitter:data1" content="{author}" />
<script type="application/ld+json" class="yoast-schema-graph">{graph}</script>
<link rel="alternate" type="application/rss+xml" title="{name} &raquo; Feed" href="{site}/feed/" />
<link rel="alternate" type="application/rss+xml" title="{title} Umpan Komentar" href="{url}feed/" />
"""
POST_LINKS = """<link rel="https://api.w.org/" href="{site}/wp-json/" /><link rel="alternate" type="application/json"
href="{site}/wp-json/wp/v2/posts/{id}" /><link rel="EditURI" type="application/rsd+xml" title="RSD"
href="{site}/xmlrpc.php?rsd" /><meta name="generator" content="WordPress 6.7.1" />
<link rel='shortlink' href='{site}/?p={id}' />
<link rel="alternate" title="oEmbed (JSON)" type="application/json+oembed" href="{site}/wp-json/oembed/1.0/embed" />
"""
LIST_HEAD = """<title>{heading} - {name}</title><link rel="canonical" href="{own_url}" />
<meta property="og:type" content="website" /><meta property="og:site_name" content="{name}" />
<link rel="https://api.w.org/" href="{site}/wp-json/" />
"""
LIST_HEADER = '<header class="page-header"><h1 class="page-title">{heading}</h1></header>'
END = "{foot_scripts}</body></html>"

Values = dict[bytes, bytes]


def compile_template(template: str, known: dict[str, str]) -> bytes:
    """Return a template as a bytes format: slots of `known` are filled in, also those inside filled-in text."""
    while (filled := SLOT.sub(lambda slot: known.get(slot[1], slot[0]), template)) != template:
        template = filled
    return SLOT.sub(r"%(\1)b", template.replace("%", "%%")).encode()


class Theme:
    """One theme of a portal: `post`, `list`, `card` and `entry` are bytes formats.

    `cards` renders the newest articles for widgets: it is called with the format of a card and their number.
    """

    def __init__(self, name: str, site: str, cards: Callable[[bytes, int], str]) -> None:
        templates = dict(TEMPLATE.findall((FOLDER / f"{name}.html").read_text("utf-8")))
        known = {
            "site": site, "name": SITE_NAME, "uploads": f"{site}/wp-content/uploads/2025/12", "about": ABOUT, "ad": AD,
            "menu": menu(site), "pages": links(site), "share": SHARE, "comments": COMMENTS, "graph": graph(),
            "list_header": LIST_HEADER, "top": templates["top"], "bottom": templates["bottom"],
            "foot_scripts": foot_scripts(name),
        }  # fmt: skip
        self.card = compile_template(templates["card"], known)
        self.entry = compile_template(templates["entry"], known)
        known["cards_popular"] = cards(self.card, 2)
        inside = {
            "search": f'<form role="search" method="get" class="search-form" action="{site}/">'
            '<label>Cari untuk:</label><input type="search" class="search-field" name="s" /></form>',
            "popular-posts": f'<ul class="wpp-list">{cards(self.card, 4)}</ul>',
            "recent-posts": f"<ul>{cards(self.card, 4)}</ul>",
            "categories": f"<ul>{menu(site)}</ul>",
            "tag_cloud": f'<div class="tagcloud">{cloud(site, TAGS)}</div>',
        }
        headings = ("Cari", "Terpopuler", "Berita Terbaru", "Kanal", "Topik")
        known["widgets"] = "".join(
            fill_widget(templates["widget"], widget, heading, html)
            for (widget, html), heading in zip(inside.items(), headings, strict=True)
        )
        known["sidebar"] = templates["sidebar"]
        style, script, names = styles(name), scripts(name), templates["names"]
        start = f'<!DOCTYPE html>\n<html lang="id"><head>{HEAD}'
        self.post = compile_template(
            f"{start}{POST_HEAD}{style}{script}{POST_LINKS}</head>\n"
            f'<body class="post-template-default single single-post postid-{{id}} single-format-standard {names}">'
            f"{templates['post']}{END}",
            known,
        )
        self.list = compile_template(
            f'{start}{LIST_HEAD}{style}{script}</head>\n<body class="{{kind}} {names}">{templates["list"]}{END}', known
        )


def fill_widget(template: str, widget: str, heading: str, html: str) -> str:
    """Fill in a widget's name, heading and content; slots that their text contains are left."""
    values = {"widget": widget, "heading": heading, "inside": html}
    return SLOT.sub(lambda slot: values[slot[1]], template)


def cloud(site: str, tags: Iterable[str]) -> str:
    """Return the links of `wp_tag_cloud()`."""
    return " ".join(
        f'<a href="{site}/tag/{tag.replace(" ", "-")}/" '
        f'class="tag-cloud-link tag-link-{number} tag-link-position-{number}" '
        f'style="font-size: {8 + number}pt;" aria-label="{tag} ({number} item)">{tag}</a>'
        for number, tag in enumerate(tags, 1)
    )


def foot_scripts(theme: str) -> str:
    """Return the scripts at the end of the page."""
    names = ("comment-reply", "menu", "sticky", "lazyload", "heateor", "wpp", theme)
    tags = "".join(
        f"<script src='/wp-content/x/{name}.min.js?ver=1.4' id='{name}-js' defer></script>\n" for name in names
    )
    state = {f"state_{number}": {"nonce": f"{number * 7919:010x}", "open": False} for number in range(40)}
    return f"{tags}<script id='{theme}-js-after'>var state = {json.dumps(state)};</script>\n"
