from typing import Literal, cast

SmsGatewayProvider = Literal["bulksmsbd", "http", "sandbox", "sslwireless", "twilio"]


def check_sms_gateway_provider(value: str) -> SmsGatewayProvider:
    """Return the value, also one that a later release has added."""
    return cast(SmsGatewayProvider, value)
