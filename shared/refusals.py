"""A refusal: how a command ends that has no effect. Each service names its own kinds in its domain."""

from __future__ import annotations

from typing import ClassVar


class Refused(Exception):
    """A command that ends without an effect; the docstring of each kind is its message."""

    code: ClassVar[str]

    def __init__(self, field: str | None = None, detail: str | None = None) -> None:
        super().__init__(self.code)
        self.field = field
        self.detail = detail or type(self).__doc__ or self.code


class NotFound(Refused):
    """There is no such thing within your reach."""

    code = "not-found"
