"""What stands before compose's replicas passes requests on, says who asked, and keeps metrics inside."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import httpx
import pytest

from tests import patience
from tests.security.test_proxy import Telling, _free_ports

ROOT = Path(__file__).parents[2]
CONFIGURATION = ROOT / "deploy/proxy/compose.conf"
NAMES = {"8080": "gateway", "8081": "payments", "8082": "notifications"}


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, int]]:
    """The ports of its three names, each before one replica."""
    home = tmp_path_factory.mktemp("front")
    replica = ThreadingHTTPServer(("127.0.0.1", 0), Telling)
    Thread(target=replica.serve_forever, daemon=True).start()
    text = CONFIGURATION.read_text()
    ports = dict(zip(NAMES, _free_ports(len(NAMES)), strict=True))
    for listed, port in ports.items():
        text = text.replace(f"listen {listed};", f"listen 127.0.0.1:{port};")
    text = re.sub(r"set \$replica \w+;", "set $replica 127.0.0.1;", text)
    text = text.replace("$replica:8080", f"$replica:{replica.server_address[1]}")
    (home / "compose.conf").write_text(text)
    spools = "".join(
        f"{name}_temp_path {home}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main = home / "nginx.conf"
    main.write_text(
        f"pid {home}/pid;\nworker_processes 1;\ndaemon off;\nevents {{}}\n"
        f"http {{\naccess_log off;\n{spools}include {home}/compose.conf;\n}}\n"
    )
    nginx = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
    assert nginx, "sh devstack/system_packages.sh test"
    running = subprocess.Popen([nginx, "-c", main, "-e", home / "error.log"])
    time.sleep(0.5)
    yield ports
    running.terminate()
    running.wait(patience.SECONDS)
    replica.shutdown()


def test_every_public_name_is_passed_on_with_who_asked(front: dict[str, int]) -> None:
    for port in front.values():
        told = {"X-Forwarded-For": "203.0.113.9", "Host": "billing.example.org"}
        answer = httpx.get(f"http://127.0.0.1:{port}/bills", headers=told).json()
        assert answer["x-forwarded-for"] == "203.0.113.9, 127.0.0.1"
        assert answer["host"] == "billing.example.org"


def test_metrics_and_health_stay_inside(front: dict[str, int]) -> None:
    for port in front.values():
        for path in ("/metrics", "/metrics/", "/health/ready"):
            assert httpx.get(f"http://127.0.0.1:{port}{path}").status_code == 404


def test_it_asks_for_the_processes_that_compose_has_behind_the_ports_that_compose_opens() -> None:
    found = re.findall(r"listen (\d+);\s+location / \{ set \$replica (\w+);", CONFIGURATION.read_text())
    assert dict(found) == NAMES
