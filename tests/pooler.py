"""PgBouncer in transaction mode before a Postgres, for whoever tries what is said to work through it."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

from devstack import postgres
from tests import patience
from tests.certificates import Certificates
from tests.tools import tool

# What the roles have from `migrate`; a pooler cannot pass it on.
IGNORED = "search_path,idle_in_transaction_session_timeout,jit,max_parallel_workers_per_gather"
KEEPS_STATEMENTS = (1, 21)


def version() -> tuple[int, ...]:
    """The version of the PgBouncer that is at hand."""
    said = subprocess.run([tool("pgbouncer"), "--version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"(\d+)\.(\d+)", said)
    assert found is not None, said
    return int(found[1]), int(found[2])


@contextmanager
def pooled(
    urls: Mapping[str, str], server_connections: int = 4, certificates: Certificates | None = None
) -> Iterator[dict[str, str]]:
    """The same addresses through a PgBouncer that has so few connections for each role.

    With certificates it speaks to nobody in the clear.
    """
    with tempfile.TemporaryDirectory(prefix="ispbills-pooler-") as folder:
        home = Path(folder)
        port = _free_port()
        _configure(home, urls, port, server_connections, certificates)
        user = postgres.system_user()
        for place in (home, *home.iterdir()):
            if user is not None:
                os.chown(place, user.pw_uid, user.pw_gid)
        as_user = {} if user is None else {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        with (home / "log").open("wb") as log:
            running = subprocess.Popen([tool("pgbouncer"), str(home / "ini")], stderr=log, **as_user)  # type: ignore[call-overload]
        try:
            _wait(port, home)
            yield {role: through(url, port) for role, url in urls.items()}
        finally:
            running.terminate()
            running.wait(timeout=patience.SECONDS)


def through(url: str, port: int) -> str:
    """The same user and database at the pooler."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=f"{parts.netloc.rpartition('@')[0]}@127.0.0.1:{port}"))


def _configure(
    home: Path,
    urls: Mapping[str, str],
    port: int,
    server_connections: int,
    certificates: Certificates | None,
) -> None:
    server = urlsplit(next(iter(urls.values())))
    settings: dict[str, object] = {
        "listen_addr": "127.0.0.1",
        "listen_port": port,
        "unix_socket_dir": "",
        "auth_type": "plain" if version() < (1, 14) else "scram-sha-256",
        "auth_file": home / "users",
        "pool_mode": "transaction",
        "default_pool_size": server_connections,
        "max_client_conn": 500,
        "ignore_startup_parameters": IGNORED,
    }
    if version() >= KEEPS_STATEMENTS:
        settings["max_prepared_statements"] = 200
    if certificates is not None:
        settings["client_tls_sslmode"] = "require"
        for part, given in (("key", certificates.key), ("cert", certificates.certificate)):
            settings[f"client_tls_{part}_file"] = Path(shutil.copy(given, home))
    lines = [f"{name} = {value}" for name, value in settings.items()]
    place = f"* = host={server.hostname} port={server.port}"
    (home / "ini").write_text("\n".join(["[databases]", place, "[pgbouncer]", *lines, ""]))
    users = {urlsplit(url).username: unquote(urlsplit(url).password or "") for url in urls.values()}
    (home / "users").write_text("".join(f'"{name}" "{password}"\n' for name, password in users.items()))


def _wait(port: int, home: Path) -> None:
    deadline = time.monotonic() + patience.SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            assert time.monotonic() < deadline, (home / "log").read_text()
            time.sleep(0.05)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        found: int = probe.getsockname()[1]
        return found
