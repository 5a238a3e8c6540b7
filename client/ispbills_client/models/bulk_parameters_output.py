from typing import Literal, cast

BulkParametersOutput = Literal["print", "zip"]


def check_bulk_parameters_output(value: str) -> BulkParametersOutput:
    """Return the value, also one that a later release has added."""
    return cast(BulkParametersOutput, value)
