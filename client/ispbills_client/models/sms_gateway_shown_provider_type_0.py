from typing import Literal, cast

SmsGatewayShownProviderType0 = Literal["bulksmsbd", "http", "sandbox", "sslwireless", "twilio"]


def check_sms_gateway_shown_provider_type_0(value: str) -> SmsGatewayShownProviderType0:
    """Return the value, also one that a later release has added."""
    return cast(SmsGatewayShownProviderType0, value)
