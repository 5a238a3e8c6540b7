"""The settings that documents reads from its environment."""

from __future__ import annotations

import os

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from shared.blobs import BlobSettings
from shared.settings import ServiceSettings

MEGABYTE = 1024 * 1024


class Settings(BlobSettings, ServiceSettings):
    """Variables start with `DOCUMENTS_`."""

    model_config = SettingsConfigDict(env_prefix="DOCUMENTS_", frozen=True, extra="ignore")

    render_processes: int = Field(default_factory=lambda: min(os.cpu_count() or 1, 4), ge=1)
    render_time_limit_seconds: float = 30.0
    render_memory_bytes: int = 1_024 * MEGABYTE  # more, and the document fails
    recycle_above_bytes: int = 300 * MEGABYTE  # more, and the process is replaced after the document
    renderings_a_process: int = 500
    retention_days: int = 90  # since anybody last asked for the file; it can be made again
