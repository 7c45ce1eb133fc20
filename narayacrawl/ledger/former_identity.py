"""Look again at addresses that an earlier schema took for another article's by the post id alone."""

from urllib.parse import urlsplit

from sqlalchemy import Connection, insert, select, update

from narayacrawl.ledger.tables import addresses, articles
from narayacrawl.urls import key, site


def separate_doubtful_addresses(connection: Connection, now: str) -> None:
    """Make every address due, as an article of its own, that leads to an article with another name, in a transaction
    that is begun: its page tells whether it is that article."""
    joined = select(addresses.c.portal, addresses.c.key, articles.c.url).join(
        articles, articles.c.id == addresses.c.article
    )
    # Without an id nothing but the address, or the page's own word, has made them one.
    query = joined.where(articles.c.post_id.is_not(None), articles.c.revision > 0)
    doubtful = [(portal, name, url) for portal, name, url in connection.execute(query) if _is_doubtful(name, url)]
    for portal, name, url in doubtful:
        row = {"portal": portal, "url": _address(name, url), "state": "pending", "first_seen": now, "last_seen": now}
        article = connection.execute(
            insert(articles).values(row | {"seen_run": 0}).returning(articles.c.id)
        ).scalar_one()
        own = (addresses.c.portal == portal, addresses.c.key == name)
        connection.execute(update(addresses).where(*own).values(article=article))


def _is_doubtful(name: str, url: str) -> bool:
    """True if this key of an address tells nothing of the article at another address."""
    own, path = key(url).partition("?")[0], name.partition("?")[0]
    is_by_id_or_page = "?p=" in name or path.startswith(f"{own}/") or own == path
    return not is_by_id_or_page and path.rpartition("/")[2] != own.rpartition("/")[2]


def _address(name: str, url: str) -> str:
    """Return an address with this key, spelt as another one of the portal is."""
    parts = urlsplit(url)
    path, _, query = name.removeprefix(site(url)).partition("?")
    ending = "/" if parts.path.endswith("/") else ""
    return parts._replace(path=f"{path}{ending}" or "/", query=query, fragment="").geturl()
