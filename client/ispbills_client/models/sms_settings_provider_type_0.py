from typing import Literal, cast

SmsSettingsProviderType0 = Literal["bulksmsbd", "http", "sandbox", "sslwireless", "twilio"]


def check_sms_settings_provider_type_0(value: str) -> SmsSettingsProviderType0:
    """Return the value, also one that a later release has added."""
    return cast(SmsSettingsProviderType0, value)
