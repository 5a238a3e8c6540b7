"""The settings that payments reads from its environment."""

from __future__ import annotations

from pydantic import SecretStr
from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings


class Settings(ServiceSettings):
    """Environment variables `PAYMENTS_…`."""

    model_config = SettingsConfigDict(env_prefix="PAYMENTS_", frozen=True, extra="ignore")

    public_url: str
    gateway_public_url: str  # where customers find their own page, their papers and the logo
    sealing_key: SecretStr  # opens what is sealed for payments (`shared.sealing`)
    link_key: SecretStr  # of `shared.links`, the same for the gateway
    notifications_sealing_public_key: str  # seals a link's address inside SendMessage
