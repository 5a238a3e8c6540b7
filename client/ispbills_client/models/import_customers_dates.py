from typing import Literal, cast

ImportCustomersDates = Literal["day_first", "iso", "month_first"]


def check_import_customers_dates(value: str) -> ImportCustomersDates:
    """Return the value, also one that a later release has added."""
    return cast(ImportCustomersDates, value)
