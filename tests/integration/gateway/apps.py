"""One app of the gateway for all tests: to build it takes longer than most of them."""

from __future__ import annotations

import gc
from functools import cache
from typing import Any

from litestar import Litestar

from gateway.app import create_app
from gateway.context import Gateway
from gateway.http.requests import Pace

_current: list[Gateway] = []


class _Standing(Gateway):
    """Whichever gateway the test at hand has."""

    def __init__(self) -> None:
        """Hold nothing of its own."""

    def __getattribute__(self, name: str) -> Any:
        return getattr(_current[0], name)


@cache
def _app() -> Litestar:
    return create_app(_Standing())


@cache
def _paces() -> list[Pace]:
    """Return what counts an app's callers; it belongs to the app alone, which knows no next test."""
    return [each for each in gc.get_objects() if isinstance(each, Pace)]


def app_for(gateway: Gateway) -> Litestar:
    """Return the app, serving this gateway from now on; `create_app` is for those who need two at once."""
    _current[:] = [gateway]
    app = _app()
    for pace in _paces():
        pace._buckets.clear()
    return app
