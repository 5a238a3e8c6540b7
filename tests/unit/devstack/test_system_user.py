"""Stacks that start in the same second on a fresh machine share the user that Postgres runs as."""

from __future__ import annotations

import os
import secrets
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest

from devstack import postgres

STACKS = 8


@pytest.mark.skipif(os.geteuid() != 0, reason="only root lends Postgres a user")
def test_who_comes_first_makes_it_and_the_others_find_it(monkeypatch: pytest.MonkeyPatch) -> None:
    name = f"ispbills-{secrets.token_hex(4)}"
    monkeypatch.setattr(postgres, "_SYSTEM_USER", name)
    try:
        with ThreadPoolExecutor(STACKS) as stacks:
            found = list(stacks.map(lambda _: postgres.system_user(), range(STACKS)))
    finally:
        subprocess.run(["userdel", name], check=True)
    assert {user.pw_name for user in found if user} == {name}
    assert len(found) == STACKS
