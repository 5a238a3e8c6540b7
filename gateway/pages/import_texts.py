"""What is said of an import's lines, in the reader's words: faults by kind, warnings, columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Any

from gateway.pages.web import labels
from gateway.pages.web.translations import gettext as _
from gateway.schemas.imports import NUMBERS

LINES_NAMED = 6
SAMPLES = 2
# Faults that differ by what was written: each value is a group of its own, with a choice of its own.
BY_VALUE = frozenset({"UnknownPackage", "UnknownOperator", "OneOf", "PackageNotSold"})
TWINS = frozenset({"CodeElsewhere", "CodeAlike"})


def column_names() -> dict[str, str]:
    """Return what our columns are called."""
    return {
        "code": _("Code"),
        "name": _("Name"),
        "mobile": _("Mobile"),
        "address": _("Address"),
        "operator": _("Operator"),
        "package": _("Package"),
        "status": _("Status"),
        "billing_cycle": _("Billing cycle"),
        "since": _("Since"),
        "alternate_mobile": _("Alternate mobile"),
    }


def fault_texts() -> Mapping[str, str]:
    """Return a text for each fault of a line that values by themselves do not have."""
    return _texts_of_cells() | _texts_of_the_catalogue() | _texts_of_undoing() | _texts_of_warnings()


def _texts_of_cells() -> dict[str, str]:
    return {
        "NoCode": _("“%(text)s” is not a code: letters, digits and . _ / - without spaces, at most 40."),
        "OneOf": _("“%(text)s” is not one of %(suggestion)s."),
        "NotCleared": _("This cannot be cleared; leave the cell empty to keep what is there."),
        "SheetError": _("“%(text)s” is an error of the spreadsheet; correct its formula."),
        "NoValue": _("A formula without its value; open the file in a spreadsheet and save it."),
        "OtherWidth": _("The line has %(text)s cells instead of %(suggestion)s."),
        "CodeAgain": _("The same code is on line %(text)s."),
        "DuplicateCode": _("The same code is on an earlier line."),
        "SecondService": _(
            "A second service of the customer above; to bill it too, give it a code and a name of its own."
        ),
        "BadQuote": _("A quotation mark stands inside a cell; double it, or take it away."),
        "NeverClosed": _("A quotation mark opens here that is never closed."),
    }


def _texts_of_the_catalogue() -> dict[str, str]:
    return {
        "NeededForNew": _("Needed for a new customer."),
        "UnknownOperator": _("Operator “%(text)s” is not known here."),
        "SeveralOperators": _("Several operators have this code."),
        "UnknownPackage": _("Package “%(text)s” is not known here."),
        "SeveralPackages": _("Several packages have the name “%(text)s”."),
        "PackageNotSold": _("Package “%(text)s” is not sold by %(suggestion)s."),
        "SeveralCustomers": _("Several customers have the code “%(text)s”; name the operator."),
        "CodeElsewhere": _("The code “%(text)s” is known at %(suggestion)s."),
        "CodeAlike": _("The code “%(text)s” is known as “%(suggestion)s”."),
        "CustomerErased": _("Customer “%(text)s” was erased; a new one needs a code of their own."),
    }


def _texts_of_undoing() -> dict[str, str]:
    return {
        "Cancelled": _("The import was cancelled before this line."),
        "BilledSince": _("Billed since the import."),
        "ChangedSince": _("Changed since the import."),
        "PaidSince": _("Money came in since the import."),
        "CodeTakenSince": _("Its code was given to another customer since."),
        "OutOfReach": _("Moved out of your reach since the import."),
    }


def _texts_of_warnings() -> dict[str, str]:
    return {
        "ZeroRestored": _("“%(text)s” had lost its leading zero and was read as %(suggestion)s."),
        "AlternateKept": _("Of two numbers %(text)s is the mobile, %(suggestion)s the alternate."),
        "StatusRead": _("Status “%(text)s” was read as %(suggestion)s."),
        "SamePerson": _("The same name and mobile are on line %(text)s."),
        "SameMobile": _("%(text)s has this mobile too."),
        "AlikeInFile": _("The code is written “%(suggestion)s” on line %(text)s."),
        "OtherSheet": _("The sheet “%(text)s” was read; left out: %(suggestion)s."),
        "HiddenRows": _("%(text)s hidden rows were read like the others."),
        "NothingRead": _("%(text)s lines have nothing in the columns that are read, and were left out."),
        "NoColumnName": _("%(text)s lines have cells under no column name, which were left out."),
        "HeaderAgain": _("%(text)s lines repeat the header, and were left out."),
        "TotalLeftOut": _("A line of totals was left out: %(text)s"),
    }


def said(reason: Mapping[str, Any], key: str = "code") -> str:
    """Return one fault or warning in the reader's words; English for what nobody has listed."""
    code = reason.get(key) or ""
    text = fault_texts().get(code) or labels.unreadable_texts().get(code)
    if not text:
        return str(reason.get("detail", ""))
    return text % {"text": reason.get("text", ""), "suggestion": reason.get("suggestion", "")}


def reasons_text(line: Mapping[str, Any]) -> str:
    """Return all that is wrong with a line, each fault after the name of its column."""
    names, reasons = column_names(), line.get("reasons") or []
    if not reasons:
        return str(line.get("reason", ""))
    parts = [(names.get(each["field"], ""), said(each)) for each in reasons]
    return "; ".join(f"{name}: {text}" if name else text for name, text in parts)


def _heading(code: str, field_name: str, example: Mapping[str, Any]) -> str:
    """Return the name of a group of equal faults."""
    if code in BY_VALUE:
        return said(example)
    known = {
        "CodeElsewhere": _("The code is known at another operator"),
        "CodeAlike": _("The code is known in another spelling"),
        "CodeAgain": _("The same code is twice in the file"),
        "DuplicateCode": _("The same code is twice in the file"),
        "NoCode": _("This is no code"),
        "NoSuchDay": _("The day does not exist"),
        "NumberIsNoDay": _("A number is not a date"),
        "NotADay": _("This is no date"),
        "OtherWidth": _("The line has other columns than the header"),
    }
    if code in known:
        return known[code]
    if field_name in NUMBERS:
        return _("This is not a mobile number here")
    if code == "NeededForNew":
        column = column_names().get(field_name, field_name)
        return _("%(column)s is needed for a new customer") % {"column": column}
    return said(example)


def _advice(code: str, field_name: str) -> str:
    known = {
        "UnknownPackage": _("Choose one of ours, or add the package"),
        "UnknownOperator": _("Choose one of ours, or add the operator"),
        "OneOf": _("Choose one of ours"),
        "CodeElsewhere": _("Say below whether it is the same customer"),
        "CodeAlike": _("Say below whether it is the same customer"),
        "NeededForNew": _("Map a column, or choose a default under Columns"),
        "NotADay": _("Choose the order of dates under Columns, or correct it"),
    }
    if code in known:
        return known[code]
    return _("Correct it, or leave it empty") if field_name in NUMBERS else _("Correct it in the file")


@dataclass(slots=True)
class Fault:
    """Equal faults of many lines."""

    code: str
    field: str
    value: str
    heading: str
    advice: str
    count: int = 0
    lines: list[int] = dataclass_field(default_factory=list)
    samples: list[str] = dataclass_field(default_factory=list)

    @property
    def column(self) -> str:
        """Return the name of the column that is at fault."""
        return column_names().get(self.field, "")

    @property
    def may_be_mapped(self) -> bool:
        """Whether one of our values can be chosen for theirs."""
        return self.code in ("UnknownPackage", "UnknownOperator", "OneOf") and bool(self.value)


def grouped(refused: Iterable[Mapping[str, Any]]) -> list[Fault]:
    """Return the faults of refused lines by kind, the most frequent first."""
    groups: dict[tuple[str, str, str], Fault] = {}
    for line in refused:
        for reason in line.get("reasons") or [{"field": "", "detail": line.get("reason", "")}]:
            code, value = reason.get("code", ""), reason.get("text", "")
            key = (reason["field"], code or reason["detail"], value if code in BY_VALUE else "")
            group = groups.get(key)
            if group is None:
                heading = _heading(code, reason["field"], reason)
                advice = _advice(code, reason["field"])
                group = groups[key] = Fault(code, reason["field"], key[2], heading, advice)
            group.count += 1
            if len(group.lines) < LINES_NAMED:
                group.lines.append(line["line"])
            if code not in BY_VALUE and value and value not in group.samples[:SAMPLES]:
                group.samples = [*group.samples, value][:SAMPLES]
    return sorted(groups.values(), key=lambda each: -each.count)


def warned(warnings: Sequence[Mapping[str, Any]], most: int) -> list[dict[str, Any]]:
    """Return the first warnings in the reader's words."""
    return [
        {"line": each["line"], "code": each["code"], "text": said(each, "kind")} for each in warnings[:most]
    ]


def dates_texts() -> list[tuple[str, str, str]]:
    """Return the orders of dates, each with an example."""
    return [
        ("day_first", _("Day first"), _("03/11/2024 is 3 November 2024")),
        ("month_first", _("Month first"), _("03/11/2024 is 11 March 2024")),
        ("iso", _("Year first"), "2024-11-03"),
    ]


def twins_texts() -> list[tuple[str, str]]:
    """Return what may become of a code that is known elsewhere, or in another spelling."""
    return [
        ("refuse", _("Refuse the line")),
        ("update", _("It is the same customer: change them")),
        ("create", _("It is somebody else: make a second customer")),
    ]
