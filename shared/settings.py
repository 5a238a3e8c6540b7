"""The settings that every process reads from its environment; names end in their unit."""

from __future__ import annotations

from typing import Any

from pydantic import SecretStr
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from shared.kafka import SCRAM, Kafka


class ServiceSettings(BaseSettings):
    """Subclass with `model_config = SettingsConfigDict(env_prefix="INVOICING_", frozen=True)`.

    `KAFKA_…` may stand without the prefix; with it, it is this service's own and wins.
    """

    model_config = SettingsConfigDict(frozen=True, extra="ignore")

    database_url: str
    database_direct_url: str | None = None
    statement_cache_size: int = 100
    kafka_bootstrap_servers: str
    kafka_security_protocol: str = "PLAINTEXT"
    kafka_sasl_mechanism: str = SCRAM
    kafka_username: str | None = None
    kafka_password: SecretStr | None = None
    kafka_ca_file: str | None = None
    kafka_replication_factor: int = -1
    http_host: str = "127.0.0.1"
    http_port: int = 0
    metrics_port: int | None = None
    pool_max_size: int = 10

    @property
    def listening_url(self) -> str:
        """The address for what outlives a transaction (LISTEN): never a pooler's."""
        return self.database_direct_url or self.database_url

    @property
    def kafka(self) -> Kafka:
        """The broker, and who this service is there; raises WrongKafkaSettings."""
        return Kafka(
            self.kafka_bootstrap_servers,
            self.kafka_security_protocol,
            self.kafka_sasl_mechanism,
            self.kafka_username or None,
            self.kafka_password.get_secret_value() if self.kafka_password else None,
            self.kafka_ca_file or None,
            self.kafka_replication_factor,
        )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read what is given first, then the service's own variables, then those that all services share."""
        return init_settings, env_settings, _SharedKafka(settings_cls, env_prefix="")


class _SharedKafka(EnvSettingsSource):
    def __call__(self) -> dict[str, Any]:
        return {name: value for name, value in super().__call__().items() if name.startswith("kafka_")}
