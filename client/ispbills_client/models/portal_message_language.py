from typing import Literal, cast

PortalMessageLanguage = Literal["bn", "en"]


def check_portal_message_language(value: str) -> PortalMessageLanguage:
    """Return the value, also one that a later release has added."""
    return cast(PortalMessageLanguage, value)
