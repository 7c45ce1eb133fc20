"""The arguments of a spider (`-a name=value`), checked before the first request."""

import re
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
from narayacrawl.urls import USERINFO

# A name of labels, or an address of IPv4 or IPv6.
HOST = re.compile(r"[\w-]+(?:\.[\w-]+)*\.?|[0-9a-f:]+(?:\.[0-9.]+)?")


def web_address(value: str) -> str:
    if USERINFO.match(value.strip()):
        raise ValueError(NO_CREDENTIALS)
    parts = urlsplit(value.strip())
    if parts.scheme not in ("http", "https") or not HOST.fullmatch(parts.hostname or "") or parts.port == 0:
        raise ValueError(f"{value!r} is no http or https address")
    return parts.geturl() if parts.path else f"{parts.geturl()}/"


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


SourceName = Literal["auto", "rest", "sitemap", "feed", "listing"]
Address = Annotated[str, AfterValidator(web_address)]


class Arguments(BaseModel):
    """What a crawl may be asked for. Raises `ValueError` with one clear line, see `parse`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: Address | None = None
    """Another base address of the portal, a mirror; its host becomes the canonical one."""
    section: Annotated[list[str], BeforeValidator(words)] = Field(default_factory=list)
    """Only these sections, by the last part of their address (`ekonomi`)."""
    since: date | None = None
    """First publish day, in the portal's time zone."""
    until: date | None = None
    """Last publish day, that day included."""
    limit: PositiveInt | None = None
    """At most so many articles."""
    urls: Annotated[list[Address], BeforeValidator(addresses)] = Field(default_factory=list)
    """Only these articles: addresses, or the name of a file with one a line."""
    source: Annotated[list[SourceName], BeforeValidator(words)] = ["auto"]
    """Where articles are looked for: with `auto` in what costs least and says most, of these in their order, and in the
    next where that fails or lacks some; else in all that are named."""
    full: bool = False
    """Every article again, those that are written already, too."""
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
        try:
            return cls.model_validate(arguments)
        except ValidationError as error:
            raise ValueError("; ".join(cls._explain(e) for e in error.errors())) from None

    @classmethod
    def _explain(cls, error: Any) -> str:
        name = str(error["loc"][0]) if error["loc"] else ""
        if error["type"] == "extra_forbidden":
            known = ", ".join(n for n in cls.model_fields if n not in ("job", "version"))
            return f"unknown argument {name!r} (known: {known})"
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
