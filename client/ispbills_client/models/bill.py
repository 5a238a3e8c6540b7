from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.bill_status import BillStatus, check_bill_status

if TYPE_CHECKING:
    from ..models.billed import Billed
    from ..models.line import Line
    from ..models.link import Link
    from ..models.message import Message
    from ..models.named import Named
    from ..models.signed import Signed


T = TypeVar("T", bound="Bill")


@_attrs_define
class Bill:
    """One bill with its lines.

    Attributes:
        id (UUID): The bill's id, which is its invoice's.
        number (str): The invoice's number, unique in the installation.
        status (BillStatus): How far it is paid; `void` always wins.
        overdue (bool): Whether something is owed after the due date.
        period (str): The month that is billed.
        issued_on (datetime.date): The day of issue, in the billing time zone.
        due_on (datetime.date): The last day to pay.
        currency (str): The installation's currency.
        net_minor (int): The sum without VAT.
        vat_basis_points (int): The rate of VAT, in hundredths of a percent.
        vat_minor (int): The VAT.
        total_minor (int): The sum with VAT.
        paid_minor (int): What payments have settled of it.
        balance_minor (int): What is still owed; 0 for a void bill.
        operator (Named): Something by its id, with the name that people know it by.
        package (Named): Something by its id, with the name that people know it by.
        customer (Billed): The customer of a bill, as the bill was issued.
        link (Link | None): The last payment link.
        message (Message | None): The last message to the customer about it.
        reissue_of (None | UUID): The void bill that this one replaces.
        reissued_as (None | UUID): The bill that replaces this void one.
        version (int): Grows with each change.
        lines (list[Line]): What is billed, line by line.
        void (None | Signed): Who voided it, when and why; null for a bill that stands.
    """

    id: UUID
    number: str
    status: BillStatus
    overdue: bool
    period: str
    issued_on: datetime.date
    due_on: datetime.date
    currency: str
    net_minor: int
    vat_basis_points: int
    vat_minor: int
    total_minor: int
    paid_minor: int
    balance_minor: int
    operator: Named
    package: Named
    customer: Billed
    link: Link | None
    message: Message | None
    reissue_of: None | UUID
    reissued_as: None | UUID
    version: int
    lines: list[Line]
    void: None | Signed
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.link import Link  # noqa: PLC0415
        from ..models.message import Message  # noqa: PLC0415
        from ..models.signed import Signed  # noqa: PLC0415

        id = str(self.id)

        number = self.number

        status: str = self.status

        overdue = self.overdue

        period = self.period

        issued_on = self.issued_on.isoformat()

        due_on = self.due_on.isoformat()

        currency = self.currency

        net_minor = self.net_minor

        vat_basis_points = self.vat_basis_points

        vat_minor = self.vat_minor

        total_minor = self.total_minor

        paid_minor = self.paid_minor

        balance_minor = self.balance_minor

        operator = self.operator.to_dict()

        package = self.package.to_dict()

        customer = self.customer.to_dict()

        link: dict[str, Any] | None
        if isinstance(self.link, Link):
            link = self.link.to_dict()
        else:
            link = self.link

        message: dict[str, Any] | None
        if isinstance(self.message, Message):
            message = self.message.to_dict()
        else:
            message = self.message

        reissue_of: None | str
        if isinstance(self.reissue_of, UUID):
            reissue_of = str(self.reissue_of)
        else:
            reissue_of = self.reissue_of

        reissued_as: None | str
        if isinstance(self.reissued_as, UUID):
            reissued_as = str(self.reissued_as)
        else:
            reissued_as = self.reissued_as

        version = self.version

        lines = []
        for lines_item_data in self.lines:
            lines_item = lines_item_data.to_dict()
            lines.append(lines_item)

        void: dict[str, Any] | None
        if isinstance(self.void, Signed):
            void = self.void.to_dict()
        else:
            void = self.void

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "number": number,
                "status": status,
                "overdue": overdue,
                "period": period,
                "issued_on": issued_on,
                "due_on": due_on,
                "currency": currency,
                "net_minor": net_minor,
                "vat_basis_points": vat_basis_points,
                "vat_minor": vat_minor,
                "total_minor": total_minor,
                "paid_minor": paid_minor,
                "balance_minor": balance_minor,
                "operator": operator,
                "package": package,
                "customer": customer,
                "link": link,
                "message": message,
                "reissue_of": reissue_of,
                "reissued_as": reissued_as,
                "version": version,
                "lines": lines,
                "void": void,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.billed import Billed  # noqa: PLC0415
        from ..models.line import Line  # noqa: PLC0415
        from ..models.link import Link  # noqa: PLC0415
        from ..models.message import Message  # noqa: PLC0415
        from ..models.named import Named  # noqa: PLC0415
        from ..models.signed import Signed  # noqa: PLC0415

        d = dict(src_dict)
        id = UUID(d.pop("id"))

        number = d.pop("number")

        status = check_bill_status(d.pop("status"))

        overdue = d.pop("overdue")

        period = d.pop("period")

        issued_on = datetime.date.fromisoformat(d.pop("issued_on"))

        due_on = datetime.date.fromisoformat(d.pop("due_on"))

        currency = d.pop("currency")

        net_minor = d.pop("net_minor")

        vat_basis_points = d.pop("vat_basis_points")

        vat_minor = d.pop("vat_minor")

        total_minor = d.pop("total_minor")

        paid_minor = d.pop("paid_minor")

        balance_minor = d.pop("balance_minor")

        operator = Named.from_dict(d.pop("operator"))

        package = Named.from_dict(d.pop("package"))

        customer = Billed.from_dict(d.pop("customer"))

        def _parse_link(data: object) -> Link | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                link_type_0 = Link.from_dict(data)

                return link_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Link | None, data)

        link = _parse_link(d.pop("link"))

        def _parse_message(data: object) -> Message | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                message_type_0 = Message.from_dict(data)

                return message_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Message | None, data)

        message = _parse_message(d.pop("message"))

        def _parse_reissue_of(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                reissue_of_type_0 = UUID(data)

                return reissue_of_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        reissue_of = _parse_reissue_of(d.pop("reissue_of"))

        def _parse_reissued_as(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                reissued_as_type_0 = UUID(data)

                return reissued_as_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        reissued_as = _parse_reissued_as(d.pop("reissued_as"))

        version = d.pop("version")

        lines = []
        _lines = d.pop("lines")
        for lines_item_data in _lines:
            lines_item = Line.from_dict(lines_item_data)

            lines.append(lines_item)

        def _parse_void(data: object) -> None | Signed:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                void_type_0 = Signed.from_dict(data)

                return void_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Signed, data)

        void = _parse_void(d.pop("void"))

        bill = cls(
            id=id,
            number=number,
            status=status,
            overdue=overdue,
            period=period,
            issued_on=issued_on,
            due_on=due_on,
            currency=currency,
            net_minor=net_minor,
            vat_basis_points=vat_basis_points,
            vat_minor=vat_minor,
            total_minor=total_minor,
            paid_minor=paid_minor,
            balance_minor=balance_minor,
            operator=operator,
            package=package,
            customer=customer,
            link=link,
            message=message,
            reissue_of=reissue_of,
            reissued_as=reissued_as,
            version=version,
            lines=lines,
            void=void,
        )

        bill.additional_properties = d
        return bill

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
