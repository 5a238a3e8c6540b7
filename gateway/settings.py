"""What the gateway and the projector are told by their environment."""

from __future__ import annotations

from pydantic import SecretStr
from pydantic_settings import SettingsConfigDict

from shared.blobs import BlobSettings
from shared.settings import ServiceSettings


class Settings(BlobSettings, ServiceSettings):
    """The gateway's own settings, `GATEWAY_…`."""

    model_config = SettingsConfigDict(env_prefix="GATEWAY_", frozen=True, extra="ignore")

    public_url: str
    session_secret: str
    link_key: SecretStr  # of `shared.links`, the same for payments
    payments_public_url: str
    notifications_public_url: str = ""  # where the sandbox has its inbox, in development
    payments_sealing_public_key: str  # of `shared.sealing`
    notifications_sealing_public_key: str
    session_hours: int = 12
    session_idle_minutes: int = 120
    answer_within_seconds: float = 5.0
    trusted_proxies: str = ""
    publish_schema: bool = True
    pool_max_size: int = 16

    @property
    def keeps_files(self) -> bool:
        """Whether there is a blob store, which documents fills."""
        return bool(self.blob_dir or self.blob_url)

    @property
    def is_secure(self) -> bool:
        """Whether browsers reach the gateway through TLS."""
        return self.public_url.startswith("https:")


class ProjectorSettings(ServiceSettings):
    """The projector's settings, `PROJECTOR_…`."""

    model_config = SettingsConfigDict(env_prefix="PROJECTOR_", frozen=True, extra="ignore")

    # As the role `auditor`, of Postgres itself: where it is given, Operations can audit.
    audit_database_url: str | None = None
