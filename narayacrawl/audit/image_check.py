"""Check the images of archived articles: which were not kept, and which files are not what was kept."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from narayacrawl.archive.images import NOT_THERE, ImageRegister, KeptImage, image_address, image_path, image_urls
from narayacrawl.downloader.address_rule import AddressRule, Refused


@dataclass(frozen=True, slots=True)
class ImageFault:
    """An image that its article lacks."""

    kind: Literal["missing", "damaged"]
    where: str
    """The image's address; of a damaged one, its file."""
    reason: str
    article: int
    """Ledger id of the article."""
    path: str
    """The file's name in the store."""


@dataclass(slots=True)
class ImageCheck:
    """What the store of a portal's images lacks of those that the articles name, each looked at once."""

    register: ImageRegister
    rule: AddressRule
    faults: list[ImageFault] = field(default_factory=list)
    lost: int = 0
    """How many cannot be had, as a crawl has found."""
    _known: dict[str, KeptImage] | None = None
    _seen: set[str] = field(default_factory=set)

    def check(self, article: int, url: str, images: Iterable[Any]) -> None:
        """Check the images of an article's last revision."""
        if self._known is None:
            self._known = self.register.read()
        for address in map(image_address, image_urls(images)):
            path = image_path(address)
            if path in self._seen or not self._is_own(address):
                continue
            self._seen.add(path)
            known = self._known.get(path)
            reason = self.register.damage(path, known)
            if reason is None:
                continue
            if reason == NOT_THERE and known and known.lost:
                self.lost += 1
            elif reason == NOT_THERE:
                self.faults.append(ImageFault("missing", address, f"image of {url}, not kept", article, path))
            else:
                where = str(self.register.store / path)
                self.faults.append(ImageFault("damaged", where, f"image of {url}: {reason}", article, path))

    def _is_own(self, address: str) -> bool:
        """True if a crawl may ask for it: what lies off the portal is none of what can be kept."""
        try:
            self.rule.check(self.rule.own_twin(address) or address)
        except (Refused, ValueError):
            return False
        return True
