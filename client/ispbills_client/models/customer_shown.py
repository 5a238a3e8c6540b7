from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.customer_shown_billing_cycle import (
    CustomerShownBillingCycle,
    check_customer_shown_billing_cycle,
)
from ..models.customer_shown_status import CustomerShownStatus, check_customer_shown_status

if TYPE_CHECKING:
    from ..models.named import Named


T = TypeVar("T", bound="CustomerShown")


@_attrs_define
class CustomerShown:
    """A customer as they are now.

    Attributes:
        id (UUID): The customer's id.
        code (str): Their code, unique within their operator.
        name (str): Their name.
        mobile (None | str): Their mobile in E.164, if they have one.
        alternate_mobile (None | str): Another number of theirs in E.164; messages go to `mobile`.
        address (str): Where they live, as it was written.
        operator_id (UUID): Whose customer they are.
        operator (Named): Something by its id, with the name that people know it by.
        package_id (UUID): What they have subscribed to.
        package (Named): Something by its id, with the name that people know it by.
        status (CustomerShownStatus): Whether they are served.
        billing_cycle (CustomerShownBillingCycle): How often they are billed; only `monthly` gets invoices.
        since (datetime.date): Since when they are a customer.
        erased (bool): Whether their personal data was erased: what is left of them is a code.
        balance_minor (int): What they owe, on all their bills.
        credit_minor (int): What they have paid beyond their bills.
        portal_url (str): The address of their own page.
        version (int): Grows with each change.
    """

    id: UUID
    code: str
    name: str
    mobile: None | str
    alternate_mobile: None | str
    address: str
    operator_id: UUID
    operator: Named
    package_id: UUID
    package: Named
    status: CustomerShownStatus
    billing_cycle: CustomerShownBillingCycle
    since: datetime.date
    erased: bool
    balance_minor: int
    credit_minor: int
    portal_url: str
    version: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        code = self.code

        name = self.name

        mobile: None | str
        mobile = self.mobile

        alternate_mobile: None | str
        alternate_mobile = self.alternate_mobile

        address = self.address

        operator_id = str(self.operator_id)

        operator = self.operator.to_dict()

        package_id = str(self.package_id)

        package = self.package.to_dict()

        status: str = self.status

        billing_cycle: str = self.billing_cycle

        since = self.since.isoformat()

        erased = self.erased

        balance_minor = self.balance_minor

        credit_minor = self.credit_minor

        portal_url = self.portal_url

        version = self.version

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "code": code,
                "name": name,
                "mobile": mobile,
                "alternate_mobile": alternate_mobile,
                "address": address,
                "operator_id": operator_id,
                "operator": operator,
                "package_id": package_id,
                "package": package,
                "status": status,
                "billing_cycle": billing_cycle,
                "since": since,
                "erased": erased,
                "balance_minor": balance_minor,
                "credit_minor": credit_minor,
                "portal_url": portal_url,
                "version": version,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.named import Named  # noqa: PLC0415

        d = dict(src_dict)
        id = UUID(d.pop("id"))

        code = d.pop("code")

        name = d.pop("name")

        def _parse_mobile(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        mobile = _parse_mobile(d.pop("mobile"))

        def _parse_alternate_mobile(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        alternate_mobile = _parse_alternate_mobile(d.pop("alternate_mobile"))

        address = d.pop("address")

        operator_id = UUID(d.pop("operator_id"))

        operator = Named.from_dict(d.pop("operator"))

        package_id = UUID(d.pop("package_id"))

        package = Named.from_dict(d.pop("package"))

        status = check_customer_shown_status(d.pop("status"))

        billing_cycle = check_customer_shown_billing_cycle(d.pop("billing_cycle"))

        since = datetime.date.fromisoformat(d.pop("since"))

        erased = d.pop("erased")

        balance_minor = d.pop("balance_minor")

        credit_minor = d.pop("credit_minor")

        portal_url = d.pop("portal_url")

        version = d.pop("version")

        customer_shown = cls(
            id=id,
            code=code,
            name=name,
            mobile=mobile,
            alternate_mobile=alternate_mobile,
            address=address,
            operator_id=operator_id,
            operator=operator,
            package_id=package_id,
            package=package,
            status=status,
            billing_cycle=billing_cycle,
            since=since,
            erased=erased,
            balance_minor=balance_minor,
            credit_minor=credit_minor,
            portal_url=portal_url,
            version=version,
        )

        customer_shown.additional_properties = d
        return customer_shown

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
