from typing import Literal, cast

DownloadBulkActionAs = Literal["print", "zip"]


def check_download_bulk_action_as(value: str) -> DownloadBulkActionAs:
    """Return the value, also one that a later release has added."""
    return cast(DownloadBulkActionAs, value)
