"""The refusal of every reader: a named fact with what was written and what to write instead."""

from __future__ import annotations


class Unreadable(ValueError):
    """“{text}” cannot be read."""

    def __init__(self, text: str, suggestion: str = "") -> None:
        self.text = text[:80]
        self.suggestion = suggestion
        super().__init__(self.detail)

    @property
    def detail(self) -> str:
        """The message in English; pages say it in the reader's language by the error's class."""
        return (type(self).__doc__ or "").format(text=self.text, suggestion=self.suggestion)
