from typing import Literal, cast

BulkParametersOrder = Literal["address", "number", "operator"]


def check_bulk_parameters_order(value: str) -> BulkParametersOrder:
    """Return the value, also one that a later release has added."""
    return cast(BulkParametersOrder, value)
