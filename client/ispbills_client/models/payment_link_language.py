from typing import Literal, cast

PaymentLinkLanguage = Literal["bn", "en"]


def check_payment_link_language(value: str) -> PaymentLinkLanguage:
    """Return the value, also one that a later release has added."""
    return cast(PaymentLinkLanguage, value)
