"""Name the HTML tags that a walk over a page tells apart."""

INVISIBLE_TAGS = frozenset(
    {"script", "style", "noscript", "template", "svg", "math", "canvas", "map", "iframe", "object", "embed"}
    | {"button", "select", "option", "textarea", "input", "audio", "video", "head", "link", "meta"}
)
# HTML's own players, AMP's, and the elements that load one on a click.
PLAYER_TAGS = frozenset(
    {"iframe", "video", "audio", "embed", "object", "amp-iframe", "amp-video", "amp-audio", "amp-youtube"}
    | {"amp-vimeo", "amp-dailymotion", "amp-twitter", "amp-instagram", "amp-facebook", "lite-youtube", "lite-vimeo"}
)
CONTAINER_TAGS = frozenset(
    {"article", "body", "center", "div", "main", "section", "td", "th", "form", "fieldset", "details", "header"}
)
SUBHEADING_KINDS = frozenset({"h2", "h3", "h4"})
HEADING_KINDS = {"h1": "h1", "h2": "h2", "h3": "h3", "h4": "h4", "h5": "h4", "h6": "h4"}
BLOCK_TAGS = (
    CONTAINER_TAGS
    | HEADING_KINDS.keys()
    | {"address", "aside", "blockquote", "dd", "dialog", "dl", "dt", "figcaption", "figure", "footer", "hgroup", "hr"}
    | {"legend", "li", "nav", "ol", "p", "pre", "summary", "ul"}
    | {"caption", "table", "tbody", "tfoot", "thead", "tr"}
)
# AMP's element beside HTML's own.
IMAGE_TAGS = frozenset({"img", "amp-img"})
# Kind of the blocks inside such an element; for a list item it depends on the list.
BLOCK_KINDS = HEADING_KINDS | {"blockquote": "blockquote", "caption": "caption", "li": ""}
ARTICLE_TAGS = frozenset({"article", "main"})
