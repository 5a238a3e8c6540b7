from typing import Literal, cast

BulkParametersLanguage = Literal["bn", "en"]


def check_bulk_parameters_language(value: str) -> BulkParametersLanguage:
    """Return the value, also one that a later release has added."""
    return cast(BulkParametersLanguage, value)
