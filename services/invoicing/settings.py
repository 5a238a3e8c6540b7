"""The settings that invoicing reads from its environment."""

from __future__ import annotations

from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings


class Settings(ServiceSettings):
    """Environment variables `INVOICING_…`."""

    model_config = SettingsConfigDict(env_prefix="INVOICING_", frozen=True, extra="ignore")

    chunk_workers: int = 1
