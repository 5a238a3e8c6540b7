"""The settings that notifications reads from its environment."""

from __future__ import annotations

from pydantic import SecretStr
from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings


class Settings(ServiceSettings):
    """Variables start with `NOTIFICATIONS_`."""

    model_config = SettingsConfigDict(env_prefix="NOTIFICATIONS_", frozen=True, extra="ignore")

    sealing_key: SecretStr  # opens what is sealed for notifications (`shared.sealing`)
    public_url: str = ""  # where providers reach it with their delivery reports; empty: they are not asked to
