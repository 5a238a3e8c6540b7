from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define

from ..models.isp_profile_e_invoice_type_0 import IspProfileEInvoiceType0, check_isp_profile_e_invoice_type_0
from ..models.isp_profile_language_type_0 import IspProfileLanguageType0, check_isp_profile_language_type_0
from ..models.isp_profile_paper_type_0 import IspProfilePaperType0, check_isp_profile_paper_type_0
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.logo import Logo


T = TypeVar("T", bound="IspProfile")


@_attrs_define
class IspProfile:
    """Fields to set; the rest stays, and null gives a field back to the operator above.

    Attributes:
        operator_id (UUID | Unset): Whose profile to change; the caller's operator where none is named.
        name (None | str | Unset): The name at the head of documents.
        address (None | str | Unset): The address.
        phone (None | str | Unset): The telephone number.
        email (None | str | Unset): The e-mail address.
        tax_id (None | str | Unset): The number at the tax office.
        colour (None | str | Unset): The colour of lines and headings, as #rrggbb.
        footer (None | str | Unset): What stands at the foot of documents.
        language (IspProfileLanguageType0 | None | Unset): The language of documents.
        paper (IspProfilePaperType0 | None | Unset): What invoices are printed on.
        e_invoice (IspProfileEInvoiceType0 | None | Unset): Whether invoices carry data for machines.
        logo (Logo | None | Unset): A picture for the head of documents.
        no_logo (bool | Unset): True: bear no logo, whatever the operator above does.
    """

    operator_id: UUID | Unset = UNSET
    name: None | str | Unset = UNSET
    address: None | str | Unset = UNSET
    phone: None | str | Unset = UNSET
    email: None | str | Unset = UNSET
    tax_id: None | str | Unset = UNSET
    colour: None | str | Unset = UNSET
    footer: None | str | Unset = UNSET
    language: IspProfileLanguageType0 | None | Unset = UNSET
    paper: IspProfilePaperType0 | None | Unset = UNSET
    e_invoice: IspProfileEInvoiceType0 | None | Unset = UNSET
    logo: Logo | None | Unset = UNSET
    no_logo: bool | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.logo import Logo  # noqa: PLC0415

        operator_id: str | Unset = UNSET
        if not isinstance(self.operator_id, Unset):
            operator_id = str(self.operator_id)

        name: None | str | Unset
        if isinstance(self.name, Unset):
            name = UNSET
        else:
            name = self.name

        address: None | str | Unset
        if isinstance(self.address, Unset):
            address = UNSET
        else:
            address = self.address

        phone: None | str | Unset
        if isinstance(self.phone, Unset):
            phone = UNSET
        else:
            phone = self.phone

        email: None | str | Unset
        if isinstance(self.email, Unset):
            email = UNSET
        else:
            email = self.email

        tax_id: None | str | Unset
        if isinstance(self.tax_id, Unset):
            tax_id = UNSET
        else:
            tax_id = self.tax_id

        colour: None | str | Unset
        if isinstance(self.colour, Unset):
            colour = UNSET
        else:
            colour = self.colour

        footer: None | str | Unset
        if isinstance(self.footer, Unset):
            footer = UNSET
        else:
            footer = self.footer

        language: None | str | Unset
        if isinstance(self.language, Unset):
            language = UNSET
        elif isinstance(self.language, str):
            language = self.language
        else:
            language = self.language

        paper: None | str | Unset
        if isinstance(self.paper, Unset):
            paper = UNSET
        elif isinstance(self.paper, str):
            paper = self.paper
        else:
            paper = self.paper

        e_invoice: None | str | Unset
        if isinstance(self.e_invoice, Unset):
            e_invoice = UNSET
        elif isinstance(self.e_invoice, str):
            e_invoice = self.e_invoice
        else:
            e_invoice = self.e_invoice

        logo: dict[str, Any] | None | Unset
        if isinstance(self.logo, Unset):
            logo = UNSET
        elif isinstance(self.logo, Logo):
            logo = self.logo.to_dict()
        else:
            logo = self.logo

        no_logo = self.no_logo

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if operator_id is not UNSET:
            field_dict["operator_id"] = operator_id
        if name is not UNSET:
            field_dict["name"] = name
        if address is not UNSET:
            field_dict["address"] = address
        if phone is not UNSET:
            field_dict["phone"] = phone
        if email is not UNSET:
            field_dict["email"] = email
        if tax_id is not UNSET:
            field_dict["tax_id"] = tax_id
        if colour is not UNSET:
            field_dict["colour"] = colour
        if footer is not UNSET:
            field_dict["footer"] = footer
        if language is not UNSET:
            field_dict["language"] = language
        if paper is not UNSET:
            field_dict["paper"] = paper
        if e_invoice is not UNSET:
            field_dict["e_invoice"] = e_invoice
        if logo is not UNSET:
            field_dict["logo"] = logo
        if no_logo is not UNSET:
            field_dict["no_logo"] = no_logo

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.logo import Logo  # noqa: PLC0415

        d = dict(src_dict)
        _operator_id = d.pop("operator_id", UNSET)
        operator_id: UUID | Unset
        if isinstance(_operator_id, Unset):
            operator_id = UNSET
        else:
            operator_id = UUID(_operator_id)

        def _parse_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        name = _parse_name(d.pop("name", UNSET))

        def _parse_address(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        address = _parse_address(d.pop("address", UNSET))

        def _parse_phone(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        phone = _parse_phone(d.pop("phone", UNSET))

        def _parse_email(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        email = _parse_email(d.pop("email", UNSET))

        def _parse_tax_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        tax_id = _parse_tax_id(d.pop("tax_id", UNSET))

        def _parse_colour(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        colour = _parse_colour(d.pop("colour", UNSET))

        def _parse_footer(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        footer = _parse_footer(d.pop("footer", UNSET))

        def _parse_language(data: object) -> IspProfileLanguageType0 | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                language_type_0 = check_isp_profile_language_type_0(data)

                return language_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(IspProfileLanguageType0 | None | Unset, data)

        language = _parse_language(d.pop("language", UNSET))

        def _parse_paper(data: object) -> IspProfilePaperType0 | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                paper_type_0 = check_isp_profile_paper_type_0(data)

                return paper_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(IspProfilePaperType0 | None | Unset, data)

        paper = _parse_paper(d.pop("paper", UNSET))

        def _parse_e_invoice(data: object) -> IspProfileEInvoiceType0 | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                e_invoice_type_0 = check_isp_profile_e_invoice_type_0(data)

                return e_invoice_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(IspProfileEInvoiceType0 | None | Unset, data)

        e_invoice = _parse_e_invoice(d.pop("e_invoice", UNSET))

        def _parse_logo(data: object) -> Logo | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                logo_type_0 = Logo.from_dict(data)

                return logo_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Logo | None | Unset, data)

        logo = _parse_logo(d.pop("logo", UNSET))

        no_logo = d.pop("no_logo", UNSET)

        isp_profile = cls(
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
            no_logo=no_logo,
        )

        return isp_profile
