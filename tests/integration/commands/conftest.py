"""Rendering processes for all commands that end in a file."""

from __future__ import annotations

from tests.integration.documents.conftest import processes

__all__ = ["processes"]
