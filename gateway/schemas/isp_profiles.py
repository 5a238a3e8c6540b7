"""ISP profiles: what an operator says of itself on its documents, shown with what it inherits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal, get_args
from uuid import UUID

from pydantic import Field, StringConstraints

from gateway.schemas import fields
from gateway.schemas.fields import Body, Change, Row, Shape
from shared.contracts.documents import EInvoice, Language

Sheet = Literal["A4", "Letter", "A5", "A5x2"]
SHEETS = get_args(Sheet)
LANGUAGES = get_args(Language)
E_INVOICES = get_args(EInvoice)
TEXTS = ("name", "address", "phone", "email", "tax_id", "colour", "footer", "language", "paper", "e_invoice")
FIELDS = ("name", "logo", *TEXTS[1:])
# What a document shows where nobody in the tree has said anything.
DEFAULTS = {"colour": "#1d2433", "language": "en", "paper": "A4", "e_invoice": "none"}

LARGEST_LOGO_BYTES = 2 * 1024 * 1024
_MOST_BASE64 = 6_000_000

_Named = Annotated[str, StringConstraints(pattern=r"^[^\x00]*\S[^\x00]*$", min_length=1, max_length=200)]
_Short = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", max_length=100)]
_Address = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", max_length=300)]
_Footer = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", max_length=400)]
_Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")]


class Logo(Shape):
    """A picture as somebody has it: judged by its content, written anew, never fetched from an address."""

    media_type: Literal["image/png", "image/jpeg"]
    base64: Annotated[str, StringConstraints(max_length=_MOST_BASE64)]
    file_name: Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", max_length=200)] = ""


class IspProfile(Change):
    """What to set; the rest stays, and null gives a field back to the operator above."""

    CLEARABLE: ClassVar[frozenset[str]] = frozenset(FIELDS)

    operator_id: UUID | None = Field(default=None, strict=False)
    name: _Named | None = None
    address: _Address | None = None
    phone: _Short | None = None
    email: _Short | None = None
    tax_id: _Short | None = None
    colour: _Colour | None = None
    footer: _Footer | None = None
    language: Language | None = None
    paper: Sheet | None = None
    e_invoice: EInvoice | None = None
    logo: Logo | None = None
    no_logo: Literal[True] | None = None


def profile(rows: Sequence[Row]) -> Body:
    """An operator's profile with what it inherits filled in, from the rows along its path, nearest first."""
    own, root = rows[0], rows[-1]
    shown: Body = {"operator_id": str(own["id"])}
    inherited: Body = {}
    for name in TEXTS:
        shown[name], source = _nearest(rows, name)
        if source is not own:
            inherited[name] = _named(source)
    if shown["name"] is None:
        shown["name"] = root["operator_name"]
        inherited["name"] = _named(root)
    logo, source = _logo(rows)
    shown["logo"] = _logo_shown(logo, own["id"])
    if source is not own:
        inherited["logo"] = _named(source)
    return {
        **shown,
        "inherited": inherited,
        "valid_from": fields.moment(own["valid_from"]),
        "changed_by": own["changed_by"],
        "version": own["version"],
    }


def _nearest(rows: Sequence[Row], name: str) -> tuple[Any, Row | None]:
    for row in rows:
        if (value := (row["fields"] or {}).get(name)) is not None:
            return value, row
    return DEFAULTS.get(name, None if name == "name" else ""), None


def _logo(rows: Sequence[Row]) -> tuple[Mapping[str, Any] | None, Row | None]:
    """The nearest logo, or the nearest wish to bear none."""
    return next(((row["logo"], row) for row in rows if row["logo"] or row["no_logo"]), (None, None))


def logo_key(rows: Sequence[Row]) -> str | None:
    """Where the logo lies that these documents bear."""
    logo, _source = _logo(rows)
    return logo["key"] if logo else None


def _logo_shown(logo: Mapping[str, Any] | None, operator_id: UUID) -> Body | None:
    if logo is None:
        return None
    names = ("media_type", "size_bytes", "width", "height", "transparent", "note", "file_name")
    url = f"/api/v1/settings/isp-profile/logo?operator_id={operator_id}"
    return {"url": url, **{name: logo[name] for name in names}}


def _named(row: Row | None) -> Body | None:
    return {"id": str(row["id"]), "name": row["operator_name"]} if row else None
