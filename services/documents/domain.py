"""The rules of documents: whose letterhead an invoice bears, and when files are the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.refusals import Refused

INK = "#1d2433"
MOST_LOGO_BYTES = 2 * 1024 * 1024
MOST_LOGO_PIXELS = 4_000
LONGEST_FOOTER = 400
LONGEST_ADDRESS = 300
LONGEST_CONTACT = 100
# Part of every file's key: what is drawn differently is another file.
DESIGN = 2

FIELDS = (
    "name", "address", "phone", "email", "tax_id", "colour", "footer", "language", "paper", "e_invoice"
)  # fmt: skip
_LONGEST = {
    "address": LONGEST_ADDRESS,
    "footer": LONGEST_FOOTER,
    "phone": LONGEST_CONTACT,
    "email": LONGEST_CONTACT,
    "tax_id": LONGEST_CONTACT,
}


class TooLong(Refused):
    """This is longer than a letterhead can show."""

    code = "too-long"


class PaperIsARoll(Refused):
    """A thermal roll prints receipts; choose a sheet for everything else."""

    code = "paper-is-a-roll"


class DoesNotAddUp(Refused):
    """The opening balance and the movements do not come to the closing balance."""

    code = "does-not-add-up"


class CustomerErased(Refused):
    """The customer was erased since this was asked for; ask again, and it names a code."""

    code = "customer-erased"


class NothingToPrint(Refused):
    """None of these bills has a file, so there is nothing to join."""

    code = "nothing-to-print"


class LogoRefused(Refused):
    """The picture cannot be a logo; what is wrong with it is said in the detail."""

    code = "logo-refused"


@dataclass(frozen=True, slots=True)
class StoredLogo:
    """A logo in the blob store."""

    key: str
    width: int
    height: int

    @property
    def is_wide(self) -> bool:
        """Whether it is a word rather than a sign."""
        return self.width > 1.5 * self.height


@dataclass(frozen=True, slots=True)
class Own:
    """The words of one operator on itself; a field that is None is said by the operator above."""

    name: str | None = None
    address: str | None = None
    phone: str | None = None
    email: str | None = None
    tax_id: str | None = None
    colour: str | None = None
    footer: str | None = None
    language: str | None = None
    paper: str | None = None
    e_invoice: str | None = None
    logo: StoredLogo | None = None
    no_logo: bool = False


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The profile as a document shows it, everything inherited filled in."""

    name: str
    company: str  # the ISP at the root of the tree, as it calls itself
    address: str = ""
    phone: str = ""
    email: str = ""
    tax_id: str = ""
    colour: str = INK
    footer: str = ""
    language: str = "en"
    paper: str = "A4"
    e_invoice: str = "none"
    logo: StoredLogo | None = None


def letterhead(own: Sequence[Own], root_name: str) -> Letterhead:
    """The letterhead of an operator: field by field the nearest of `own`, which begins with its own."""
    nearest: dict[str, Any] = {}
    for field in FIELDS:
        for each in own:
            if (value := getattr(each, field)) is not None:
                nearest[field] = value
                break
    logo = next((None if each.no_logo else each.logo for each in own if each.no_logo or each.logo), None)
    company = (own[-1].name if own else None) or root_name
    return Letterhead(**({"name": company} | nearest), company=company, logo=logo)


def check_profile(fields: Mapping[str, str | None]) -> None:
    """Refuse what no letterhead can show."""
    for field, longest in _LONGEST.items():
        if len(fields.get(field) or "") > longest:
            raise TooLong(field, f"At most {longest} characters.")
    if fields.get("paper") in ("80mm", "58mm"):
        raise PaperIsARoll("paper")


def check_statement(opening: int, entries: Iterable[tuple[int, int]], closing: int) -> None:
    """Refuse a statement whose equation is wrong: opening + billed − paid = closing."""
    if opening + sum(billed - paid for billed, paid in entries) != closing:
        raise DoesNotAddUp("closing_minor")


def legible(colour: str) -> str:
    """The colour, or ink where it would not stand out from paper (WCAG: 3:1 for large text)."""
    return colour if (1.05 / (_luminance(colour) + 0.05)) >= 3 else INK


def _luminance(colour: str) -> float:
    # Source: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def digest(shown: Mapping[str, Any]) -> str:
    """Return what tells one file from another: everything it shows, but not the time at which it was made."""
    canonical = json.dumps({"design": DESIGN, **shown}, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:40]
