from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.bulk_parameters_language import BulkParametersLanguage, check_bulk_parameters_language
from ..models.bulk_parameters_order import BulkParametersOrder, check_bulk_parameters_order
from ..models.bulk_parameters_output import BulkParametersOutput, check_bulk_parameters_output
from ..types import UNSET, Unset

T = TypeVar("T", bound="BulkParameters")


@_attrs_define
class BulkParameters:
    """The parameters of an action.

    Attributes:
        paid_on (datetime.date | None | Unset): For `mark_paid`: the day of the payments; today where nothing is said.
        method (str | Unset): For `mark_paid`: how it was paid. Default: 'cash'.
        reference (None | str | Unset): For `mark_paid`: the payer's reference.
        note (None | str | Unset): For `mark_paid`: a note.
        period (None | str | Unset): For `generate_missing`: the month to bill.
        send_sms (bool | None | Unset): For `send_payment_link`: whether links go out by SMS.
        language (BulkParametersLanguage | Unset): For `send_payment_link`: the language of the messages. Default: 'en'.
        order (BulkParametersOrder | Unset): For `download_pdf`: the order of the files. Default: 'number'.
        output (BulkParametersOutput | Unset): For `download_pdf`: files in a ZIP, or one file to print. Default: 'zip'.
    """

    paid_on: datetime.date | None | Unset = UNSET
    method: str | Unset = "cash"
    reference: None | str | Unset = UNSET
    note: None | str | Unset = UNSET
    period: None | str | Unset = UNSET
    send_sms: bool | None | Unset = UNSET
    language: BulkParametersLanguage | Unset = "en"
    order: BulkParametersOrder | Unset = "number"
    output: BulkParametersOutput | Unset = "zip"

    def to_dict(self) -> dict[str, Any]:
        paid_on: None | str | Unset
        if isinstance(self.paid_on, Unset):
            paid_on = UNSET
        elif isinstance(self.paid_on, datetime.date):
            paid_on = self.paid_on.isoformat()
        else:
            paid_on = self.paid_on

        method = self.method

        reference: None | str | Unset
        if isinstance(self.reference, Unset):
            reference = UNSET
        else:
            reference = self.reference

        note: None | str | Unset
        if isinstance(self.note, Unset):
            note = UNSET
        else:
            note = self.note

        period: None | str | Unset
        if isinstance(self.period, Unset):
            period = UNSET
        else:
            period = self.period

        send_sms: bool | None | Unset
        if isinstance(self.send_sms, Unset):
            send_sms = UNSET
        else:
            send_sms = self.send_sms

        language: str | Unset = UNSET
        if not isinstance(self.language, Unset):
            language = self.language

        order: str | Unset = UNSET
        if not isinstance(self.order, Unset):
            order = self.order

        output: str | Unset = UNSET
        if not isinstance(self.output, Unset):
            output = self.output

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if paid_on is not UNSET:
            field_dict["paid_on"] = paid_on
        if method is not UNSET:
            field_dict["method"] = method
        if reference is not UNSET:
            field_dict["reference"] = reference
        if note is not UNSET:
            field_dict["note"] = note
        if period is not UNSET:
            field_dict["period"] = period
        if send_sms is not UNSET:
            field_dict["send_sms"] = send_sms
        if language is not UNSET:
            field_dict["language"] = language
        if order is not UNSET:
            field_dict["order"] = order
        if output is not UNSET:
            field_dict["output"] = output

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_paid_on(data: object) -> datetime.date | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                paid_on_type_0 = datetime.date.fromisoformat(data)

                return paid_on_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.date | None | Unset, data)

        paid_on = _parse_paid_on(d.pop("paid_on", UNSET))

        method = d.pop("method", UNSET)

        def _parse_reference(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        reference = _parse_reference(d.pop("reference", UNSET))

        def _parse_note(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        note = _parse_note(d.pop("note", UNSET))

        def _parse_period(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        period = _parse_period(d.pop("period", UNSET))

        def _parse_send_sms(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        send_sms = _parse_send_sms(d.pop("send_sms", UNSET))

        _language = d.pop("language", UNSET)
        language: BulkParametersLanguage | Unset
        if isinstance(_language, Unset):
            language = UNSET
        else:
            language = check_bulk_parameters_language(_language)

        _order = d.pop("order", UNSET)
        order: BulkParametersOrder | Unset
        if isinstance(_order, Unset):
            order = UNSET
        else:
            order = check_bulk_parameters_order(_order)

        _output = d.pop("output", UNSET)
        output: BulkParametersOutput | Unset
        if isinstance(_output, Unset):
            output = UNSET
        else:
            output = check_bulk_parameters_output(_output)

        bulk_parameters = cls(
            paid_on=paid_on,
            method=method,
            reference=reference,
            note=note,
            period=period,
            send_sms=send_sms,
            language=language,
            order=order,
            output=output,
        )

        return bulk_parameters
