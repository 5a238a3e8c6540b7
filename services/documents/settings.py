"""What documents is told by its environment."""

from __future__ import annotations

from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings


class Settings(ServiceSettings):
    """Variables start with `DOCUMENTS_`."""

    model_config = SettingsConfigDict(env_prefix="DOCUMENTS_", frozen=True, extra="ignore")
