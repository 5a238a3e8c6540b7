from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.isp_profile_shown_e_invoice import IspProfileShownEInvoice, check_isp_profile_shown_e_invoice
from ..models.isp_profile_shown_language import IspProfileShownLanguage, check_isp_profile_shown_language
from ..models.isp_profile_shown_paper import IspProfileShownPaper, check_isp_profile_shown_paper

if TYPE_CHECKING:
    from ..models.isp_profile_shown_inherited import IspProfileShownInherited
    from ..models.logo_shown import LogoShown


T = TypeVar("T", bound="IspProfileShown")


@_attrs_define
class IspProfileShown:
    """An operator's profile as its documents show it now, what it inherits filled in.

    Attributes:
        operator_id (UUID): Whose profile it is.
        name (str): The name at the head of documents.
        address (str): Its address.
        phone (str): Its telephone number.
        email (str): Its e-mail address.
        tax_id (str): Its number at the tax office.
        colour (str): The colour of lines and headings, as #rrggbb.
        footer (str): What stands at the foot of documents.
        language (IspProfileShownLanguage): The language of documents.
        paper (IspProfileShownPaper): What invoices are printed on.
        e_invoice (IspProfileShownEInvoice): Whether invoices carry data for machines.
        logo (LogoShown | None): The picture at the head of documents.
        inherited (IspProfileShownInherited): Whose each field is that is not its own; null where it is nobody's.
        valid_from (datetime.datetime | None): Since when its own fields are so.
        changed_by (None | str): Who changed them last.
        version (int): Grows with each change.
    """

    operator_id: UUID
    name: str
    address: str
    phone: str
    email: str
    tax_id: str
    colour: str
    footer: str
    language: IspProfileShownLanguage
    paper: IspProfileShownPaper
    e_invoice: IspProfileShownEInvoice
    logo: LogoShown | None
    inherited: IspProfileShownInherited
    valid_from: datetime.datetime | None
    changed_by: None | str
    version: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.logo_shown import LogoShown  # noqa: PLC0415

        operator_id = str(self.operator_id)

        name = self.name

        address = self.address

        phone = self.phone

        email = self.email

        tax_id = self.tax_id

        colour = self.colour

        footer = self.footer

        language: str = self.language

        paper: str = self.paper

        e_invoice: str = self.e_invoice

        logo: dict[str, Any] | None
        if isinstance(self.logo, LogoShown):
            logo = self.logo.to_dict()
        else:
            logo = self.logo

        inherited = self.inherited.to_dict()

        valid_from: None | str
        if isinstance(self.valid_from, datetime.datetime):
            valid_from = self.valid_from.isoformat()
        else:
            valid_from = self.valid_from

        changed_by: None | str
        changed_by = self.changed_by

        version = self.version

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "operator_id": operator_id,
                "name": name,
                "address": address,
                "phone": phone,
                "email": email,
                "tax_id": tax_id,
                "colour": colour,
                "footer": footer,
                "language": language,
                "paper": paper,
                "e_invoice": e_invoice,
                "logo": logo,
                "inherited": inherited,
                "valid_from": valid_from,
                "changed_by": changed_by,
                "version": version,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.isp_profile_shown_inherited import IspProfileShownInherited  # noqa: PLC0415
        from ..models.logo_shown import LogoShown  # noqa: PLC0415

        d = dict(src_dict)
        operator_id = UUID(d.pop("operator_id"))

        name = d.pop("name")

        address = d.pop("address")

        phone = d.pop("phone")

        email = d.pop("email")

        tax_id = d.pop("tax_id")

        colour = d.pop("colour")

        footer = d.pop("footer")

        language = check_isp_profile_shown_language(d.pop("language"))

        paper = check_isp_profile_shown_paper(d.pop("paper"))

        e_invoice = check_isp_profile_shown_e_invoice(d.pop("e_invoice"))

        def _parse_logo(data: object) -> LogoShown | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                logo_type_0 = LogoShown.from_dict(data)

                return logo_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(LogoShown | None, data)

        logo = _parse_logo(d.pop("logo"))

        inherited = IspProfileShownInherited.from_dict(d.pop("inherited"))

        def _parse_valid_from(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                valid_from_type_0 = datetime.datetime.fromisoformat(data)

                return valid_from_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        valid_from = _parse_valid_from(d.pop("valid_from"))

        def _parse_changed_by(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        changed_by = _parse_changed_by(d.pop("changed_by"))

        version = d.pop("version")

        isp_profile_shown = cls(
            operator_id=operator_id,
            name=name,
            address=address,
            phone=phone,
            email=email,
            tax_id=tax_id,
            colour=colour,
            footer=footer,
            language=language,
            paper=paper,
            e_invoice=e_invoice,
            logo=logo,
            inherited=inherited,
            valid_from=valid_from,
            changed_by=changed_by,
            version=version,
        )

        isp_profile_shown.additional_properties = d
        return isp_profile_shown

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
