"""What documents is told by its environment."""

from __future__ import annotations

from pydantic_settings import SettingsConfigDict

from shared.blobs import BlobSettings
from shared.settings import ServiceSettings


class Settings(BlobSettings, ServiceSettings):
    """Variables start with `DOCUMENTS_`."""

    model_config = SettingsConfigDict(env_prefix="DOCUMENTS_", frozen=True, extra="ignore")
