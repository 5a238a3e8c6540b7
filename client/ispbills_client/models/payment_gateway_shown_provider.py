from typing import Literal, cast

PaymentGatewayShownProvider = Literal["bkash", "sandbox", "sslcommerz", "stripe"]


def check_payment_gateway_shown_provider(value: str) -> PaymentGatewayShownProvider:
    """Return the value, also one that a later release has added."""
    return cast(PaymentGatewayShownProvider, value)
