"""Tell by the classes that WordPress gives the `body` element whether a page is an article."""

from parsel import Selector

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
