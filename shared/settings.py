"""What every process is told by its environment; names end in their unit."""

from __future__ import annotations

from pydantic import AliasChoices, Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class ServiceSettings(BaseSettings):
    """Subclass with `model_config = SettingsConfigDict(env_prefix="INVOICING_", frozen=True)`."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore")

    database_url: str
    kafka_bootstrap_servers: str = Field(
        validation_alias=AliasChoices("kafka_bootstrap_servers", "KAFKA_BOOTSTRAP_SERVERS")
    )
    http_host: str = "127.0.0.1"
    http_port: int = 0
    pool_max_size: int = 10
