from typing import Literal, cast

ImportCustomersTwins = Literal["create", "refuse", "update"]


def check_import_customers_twins(value: str) -> ImportCustomersTwins:
    """Return the value, also one that a later release has added."""
    return cast(ImportCustomersTwins, value)
