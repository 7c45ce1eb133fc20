"""The arguments of a spider (`-a name=value`), checked before the first request."""

import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, get_args
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PositiveInt,
    ValidationError,
    model_validator,
)

from narayacrawl.downloader.address_rule import NO_CREDENTIALS
from narayacrawl.ledger.scope import Scope
from narayacrawl.urls import NO_ARTICLE_PATH, USERINFO, same_site, site

# A name of labels, or an address of IPv4 or IPv6.
HOST = re.compile(r"[\w-]+(?:\.[\w-]+)*\.?|[0-9a-f:]+(?:\.[0-9.]+)?")


def web_address(value: str) -> str:
    if USERINFO.match(value.strip()):
        raise ValueError(NO_CREDENTIALS)
    parts = urlsplit(value.strip())
    if parts.scheme not in ("http", "https") or not HOST.fullmatch(parts.hostname or "") or parts.port == 0:
        raise ValueError(f"{value!r} is no http or https address")
    return parts.geturl() if parts.path else f"{parts.geturl()}/"


def portal_address(value: str) -> str:
    """Return the address of a portal; `ValueError` for one that is only a page or a part of it: its path would be
    passed over."""
    address = web_address(value)
    parts = urlsplit(address)
    path = parts.path.removesuffix("index.php")
    root = parts._replace(path="/", query="", fragment="")
    if parts.query or parts.fragment:
        raise ValueError(f"{address} is a page of a portal: give the portal, url={root.geturl()}, or the page as urls=")
    if match := NO_ARTICLE_PATH.search(path):
        folder = "/" if match[0].startswith(".") else f"{path[: match.start()]}/"
        section = SECTION_PATH.search(path)
        narrowed = f" -a section={section[1]}" if section else ""
        raise ValueError(f"{address} is a part of a portal: -a url={root._replace(path=folder).geturl()}{narrowed}")
    return parts._replace(path=path or "/").geturl()


def words(value: Any) -> Any:
    return [word.strip() for word in value.split(",") if word.strip()] if isinstance(value, str) else value


def addresses(value: Any) -> Any:
    """Comma-separated addresses, or the name of a file with one a line (empty lines and `#` comments are passed
    over)."""
    if not isinstance(value, str) or value.strip().startswith(("http://", "https://")):
        return words(value)
    path = Path(value)
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"{value!r} is neither an address nor a readable file ({error})") from error
    found = [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]
    if not found:
        raise ValueError(f"{value!r} names no address")
    return found


# A category's address, as WordPress has it by default; the last one of a path.
SECTION_PATH = re.compile(r"(?:^|/)(?:category|kategori)/(?:[^/]+/)*?([^/]+)/?(?:(?:page/\d+|feed)/?)?$")

SourceName = Literal["auto", "rest", "sitemap", "feed", "listing"]
Address = Annotated[str, AfterValidator(web_address)]
PortalAddress = Annotated[str, AfterValidator(portal_address)]


class Arguments(BaseModel):
    """What a crawl may be asked for. Raises `ValueError` with one clear line, see `parse`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: PortalAddress | None = Field(
        None,
        description="another base address of the portal, a mirror; its host becomes the canonical one",
        examples=["https://portal.example/"],
    )
    section: Annotated[list[str], BeforeValidator(words)] = Field(
        default_factory=list,
        description="only these sections, by the last part of their address or by their name",
        examples=["ekonomi,olahraga"],
    )
    since: date | None = Field(
        None, description="first publish day, in the portal's time zone", examples=["2025-12-01"]
    )
    until: date | None = Field(None, description="last publish day, that day included", examples=["2025-12-31"])
    limit: PositiveInt | None = Field(None, description="at most so many articles", examples=["50"])
    urls: Annotated[list[Address], BeforeValidator(addresses)] = Field(
        default_factory=list,
        description="only these articles, archived already or not: addresses, or a file with one a line",
        examples=["https://…,https://…"],
    )
    source: Annotated[list[SourceName], BeforeValidator(words)] = Field(
        ["auto"],
        description="where articles are looked for: with auto in what costs least and says most, and in the next where"
        " that fails or lacks some; else in all that are named of rest, sitemap, feed, listing",
        examples=["rest,feed"],
    )
    full: bool = Field(False, description="every article again, those that are written already, too", examples=["1"])
    job: str | None = Field(default=None, alias="_job")
    """Scrapyd's job id; not used."""
    version: str | None = Field(default=None, alias="_version")
    """The version of the egg that Scrapyd was told to run; not used."""

    @model_validator(mode="after")
    def check_window(self) -> "Arguments":
        if self.since and self.until and self.since > self.until:
            raise ValueError(f"since={self.since} is after until={self.until}")
        return self

    @model_validator(mode="after")
    def check_source(self) -> "Arguments":
        if not self.source:
            raise ValueError("source names no source")
        if self.section and self.source == ["sitemap"]:
            raise ValueError("source=sitemap cannot tell sections: leave out section, or name another source")
        return self

    @classmethod
    def parse(cls, arguments: dict[str, Any]) -> "Arguments":
        """The arguments, checked; ValueError with one line that says what is wrong with all of them."""
        stripped = {name: own.strip() if isinstance(own, str) else own for name, own in arguments.items()}
        try:
            return cls.model_validate(stripped)
        except ValidationError as error:
            raise ValueError("; ".join(cls._explain(e) for e in error.errors())) from None

    @classmethod
    def describe(cls) -> str:
        """Return the arguments as help shows them: two lines each."""
        named = {name: cls.model_fields[name] for name in cls._known()}
        return "\n".join(f"-a {name}={(own.examples or [''])[0]}\n    {own.description}" for name, own in named.items())

    @classmethod
    def _known(cls) -> list[str]:
        """Return the names of the arguments that a user gives: Scrapyd's own have another name there."""
        return [name for name, own in cls.model_fields.items() if own.alias is None]

    @classmethod
    def _explain(cls, error: Any) -> str:
        name = str(error["loc"][0]) if error["loc"] else ""
        if error["type"] == "extra_forbidden":
            return f"unknown argument {name!r} (known: {', '.join(cls._known())})"
        message = error["msg"].removeprefix("Value error, ")
        if error["type"].startswith("date"):
            message = f"{error['input']!r} is no date (YYYY-MM-DD)"
        elif error["type"] == "literal_error":
            message = f"{error['input']!r} is none of {', '.join(get_args(SourceName))}"
        elif error["type"] == "bool_parsing":
            message = f"{error['input']!r} is neither 1 nor 0"
        elif error["type"] in ("int_parsing", "greater_than"):
            message = f"{error['input']!r} is no number above 0"
        return f"{name}: {message}" if name else message

    def refuse_other_hosts(self, sites: Iterable[str]) -> None:
        """Raise `ValueError`, one line, if one of `urls` is not at one of a portal's sites, given by addresses: nothing
        would be asked for."""
        sites = list(sites) or self.urls[:1]
        for url in self.urls:
            if not any(same_site(url, own) for own in sites):
                hosts = ", ".join(dict.fromkeys(map(site, sites)))
                raise ValueError(f"urls: {url} is not of this portal, whose host is {hosts}")

    def scope(self) -> Scope:
        """Return which of the portal's articles these arguments ask for."""
        return Scope(
            sections=self.section,
            since=self.since,
            until=self.until,
            limit=self.limit,
            is_full=self.full,
            is_list=bool(self.urls),
        )
