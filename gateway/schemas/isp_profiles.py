"""ISP profiles: what an operator says of itself on its documents, shown with what it inherits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal, get_args
from uuid import UUID

from pydantic import Field, StringConstraints
from typing_extensions import TypedDict

from gateway.schemas import fields
from gateway.schemas.answers import Id, Instant, Named, answer
from gateway.schemas.fields import Change, Row, Shape
from shared.contracts.documents import EInvoice, Language

Sheet = Literal["A4", "Letter", "A5", "A5x2"]
LANGUAGES = get_args(Language)
TEXTS = ("name", "address", "phone", "email", "tax_id", "colour", "footer", "language", "paper", "e_invoice")
FIELDS = ("name", "logo", *TEXTS[1:])
# What a document shows where nobody in the tree has said anything.
DEFAULTS = {"colour": "#1d2433", "language": "en", "paper": "A4", "e_invoice": "none"}

_MOST_BASE64 = 6_000_000

_Named = Annotated[
    str, StringConstraints(pattern=r"^[^\x00]*[^\x00\s][^\x00]*$", min_length=1, max_length=200)
]
_Short = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", max_length=100)]
_Address = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", max_length=300)]
_Footer = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", max_length=400)]
_Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")]


class Logo(Shape):
    """A picture as somebody has it: judged by its content, written anew, never fetched from an address."""

    media_type: Literal["image/png", "image/jpeg"]
    """What kind of picture it is."""
    base64: Annotated[str, StringConstraints(max_length=_MOST_BASE64)]
    """The picture itself."""
    file_name: Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", max_length=200)] = ""
    """What its file is called."""


class IspProfile(Change):
    """Fields to set; the rest stays, and null gives a field back to the operator above."""

    CLEARABLE: ClassVar[frozenset[str]] = frozenset(FIELDS)

    operator_id: UUID | None = Field(default=None, strict=False)
    """Whose profile to change; the caller's operator where none is named."""
    name: _Named | None = None
    """The name at the head of documents."""
    address: _Address | None = None
    """The address."""
    phone: _Short | None = None
    """The telephone number."""
    email: _Short | None = None
    """The e-mail address."""
    tax_id: _Short | None = None
    """The number at the tax office."""
    colour: _Colour | None = None
    """The colour of lines and headings, as #rrggbb."""
    footer: _Footer | None = None
    """What stands at the foot of documents."""
    language: Language | None = None
    """The language of documents."""
    paper: Sheet | None = None
    """What invoices are printed on."""
    e_invoice: EInvoice | None = None
    """Whether invoices carry data for machines."""
    logo: Logo | None = None
    """A picture for the head of documents."""
    no_logo: Literal[True] | None = None
    """True: bear no logo, whatever the operator above does."""


@answer
class LogoShown(TypedDict):
    """A logo as documents bear it."""

    url: str
    """Where the picture is fetched."""
    media_type: Literal["image/png", "image/jpeg"]
    """What kind of picture it is."""
    size_bytes: int
    """Its size."""
    width: int
    """Its width in pixels."""
    height: int
    """Its height in pixels."""
    transparent: bool
    """Whether one can see through parts of it."""
    note: str
    """What was done to the picture that came."""
    file_name: str
    """What the file was called that came."""


@answer
class IspProfileShown(TypedDict):
    """An operator's profile as its documents show it now, what it inherits filled in."""

    operator_id: Id
    """Whose profile it is."""
    name: str
    """The name at the head of documents."""
    address: str
    """Its address."""
    phone: str
    """Its telephone number."""
    email: str
    """Its e-mail address."""
    tax_id: str
    """Its number at the tax office."""
    colour: str
    """The colour of lines and headings, as #rrggbb."""
    footer: str
    """What stands at the foot of documents."""
    language: Language
    """The language of documents."""
    paper: Sheet
    """What invoices are printed on."""
    e_invoice: EInvoice
    """Whether invoices carry data for machines."""
    logo: LogoShown | None
    """The picture at the head of documents."""
    inherited: dict[str, Named | None]
    """Whose each field is that is not its own; null where it is nobody's."""
    valid_from: Instant | None
    """Since when its own fields are so."""
    changed_by: str | None
    """Who changed them last."""
    version: int
    """Grows with each change."""


def profile(rows: Sequence[Row]) -> IspProfileShown:
    """Return an operator's profile from the rows along its path, nearest first."""
    own = rows[0]
    said, inherited = _said(rows)
    logo, source = _logo(rows)
    if source is not own:
        inherited["logo"] = _named(source)
    return {
        "operator_id": str(own["id"]),
        "name": said["name"],
        "address": said["address"],
        "phone": said["phone"],
        "email": said["email"],
        "tax_id": said["tax_id"],
        "colour": said["colour"],
        "footer": said["footer"],
        "language": said["language"],
        "paper": said["paper"],
        "e_invoice": said["e_invoice"],
        "logo": _logo_shown(logo, own["id"]),
        "inherited": inherited,
        "valid_from": fields.moment(own["valid_from"]),
        "changed_by": own["changed_by"],
        "version": own["version"],
    }


def _said(rows: Sequence[Row]) -> tuple[dict[str, Any], dict[str, Named | None]]:
    """Return each field as the nearest operator says it, and whose those are that are not one's own."""
    said: dict[str, Any] = {}
    inherited: dict[str, Named | None] = {}
    for name in TEXTS:
        said[name], source = _nearest(rows, name)
        if source is not rows[0]:
            inherited[name] = _named(source)
    if said["name"] is None:
        said["name"] = rows[-1]["operator_name"]
        inherited["name"] = _named(rows[-1])
    return said, inherited


def _nearest(rows: Sequence[Row], name: str) -> tuple[Any, Row | None]:
    for row in rows:
        if (value := (row["fields"] or {}).get(name)) is not None:
            return value, row
    return DEFAULTS.get(name, None if name == "name" else ""), None


def _logo(rows: Sequence[Row]) -> tuple[Mapping[str, Any] | None, Row | None]:
    """The nearest logo, or the nearest wish to bear none."""
    return next(((row["logo"], row) for row in rows if row["logo"] or row["no_logo"]), (None, None))


def logo_key(rows: Sequence[Row]) -> str | None:
    """Return where the logo lies that these documents bear."""
    logo, _source = _logo(rows)
    return logo["key"] if logo else None


def _logo_shown(logo: Mapping[str, Any] | None, operator_id: UUID) -> LogoShown | None:
    if logo is None:
        return None
    return {
        "url": f"/api/v1/settings/isp-profile/logo?operator_id={operator_id}",
        "media_type": logo["media_type"],
        "size_bytes": logo["size_bytes"],
        "width": logo["width"],
        "height": logo["height"],
        "transparent": logo["transparent"],
        "note": logo["note"],
        "file_name": logo["file_name"],
    }


def _named(row: Row | None) -> Named | None:
    return {"id": str(row["id"]), "name": row["operator_name"]} if row else None
