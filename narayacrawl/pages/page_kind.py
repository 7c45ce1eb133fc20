"""Tell what kind of page a page is: an article, or a listing, static page, attachment, error page, protected post."""

from parsel import Selector

from narayacrawl.pages.body.body import Body
from narayacrawl.pages.fields.metadata import Metadata

# Body classes of pages that are no article, from WordPress' body_class() (6.1, wp-includes/post-template.php).
NON_ARTICLE_CLASSES = {
    "home": "listing",
    "blog": "listing",
    "archive": "listing",
    "search": "listing",
    "error404": "error page",
    "attachment": "attachment",
    "page": "static page",
}
ATTACHMENT_CLASSES = frozenset({"single-attachment", "attachment"})
PROTECTED_POST_INPUT = "form.post-password-form input[name=post_password]::attr(id)"


def read_body_classes(selector: Selector) -> frozenset[str]:
    """Return the classes of the page's `body` element."""
    body = selector.root.find("body")
    return frozenset() if body is None else frozenset((body.get("class") or "").split())


def is_single(body_classes: frozenset[str]) -> bool:
    """True if the body's classes call the page a single post."""
    return bool({"single", "single-post"} & body_classes) or any(name.startswith("postid-") for name in body_classes)


def rejection_by_class(body_classes: frozenset[str]) -> str | None:
    """Return the reason why the body's classes rule out an article; None if they do not."""
    if not is_single(body_classes):
        for name, reason in NON_ARTICLE_CLASSES.items():
            if name in body_classes:
                return reason
    return "attachment" if ATTACHMENT_CLASSES & body_classes else None


def needs_password(selector: Selector, post_id: int | None, body: Body) -> bool:
    """True if the password form of a page hides the article's text.

    The form names its post (`pwbox-ID`, `get_the_password_form`); beside one that does not, a theme may print a
    sentence.
    """
    return f"pwbox-{post_id}" in selector.css(PROTECTED_POST_INPUT).getall() or len(body.blocks) <= 2


def is_declared_article(body_classes: frozenset[str], metadata: Metadata) -> bool:
    """True if the body's classes or the metadata call the page an article."""
    return (
        is_single(body_classes)
        or bool(metadata.article)
        or bool(metadata.first("article:published_time"))
        or metadata.first("og:type") == "article"
    )
