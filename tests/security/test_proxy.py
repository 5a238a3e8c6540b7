"""The proxy of `deploy/proxy`, run before a server that tells what reached it."""

from __future__ import annotations

import asyncio
import json
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import httpx
import pytest

from tests import patience

CONFIGURATION = Path(__file__).parents[2] / "deploy" / "proxy" / "ispbills.conf"


class Telling(BaseHTTPRequestHandler):
    """Answers the headers that came."""

    def do_GET(self) -> None:
        body = json.dumps({name.lower(): value for name, value in self.headers.items()}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def _free_ports(count: int) -> list[int]:
    with ExitStack() as held:
        probes = [held.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [probe.getsockname()[1] for probe in probes]


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of its TLS."""
    home = tmp_path_factory.mktemp("proxy")
    key, certificate = home / "privkey.pem", home / "fullchain.pem"
    asked = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "1",
        "-subj",
        "/CN=localhost",
    ]
    subprocess.run([*asked, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    plain, tls = _free_ports(2)
    upstream = ThreadingHTTPServer(("127.0.0.1", 0), Telling)
    Thread(target=upstream.serve_forever, daemon=True).start()
    text = CONFIGURATION.read_text().replace("/etc/ssl/ispbills", str(home))
    text = text.replace("127.0.0.1:8080", f"127.0.0.1:{upstream.server_address[1]}")
    text = text.replace("listen 80;", f"listen 127.0.0.1:{plain};")
    text = text.replace("listen 443 ssl;", f"listen 127.0.0.1:{tls} ssl;")
    (home / "ispbills.conf").write_text(text)
    names = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    spools = "".join(f"{name}_temp_path {home}/{name};\n" for name in names)
    main = home / "nginx.conf"
    main.write_text(
        f"pid {home}/pid;\nerror_log {home}/error.log;\nworker_processes 1;\ndaemon off;\nevents {{}}\n"
        f"http {{\naccess_log off;\n{spools}include {home}/ispbills.conf;\n}}\n"
    )
    nginx = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
    assert nginx, "sh devstack/system_packages.sh test"
    running = subprocess.Popen([nginx, "-c", main, "-e", home / "error.log"])
    deadline = time.monotonic() + patience.SECONDS
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", tls)) == 0:
                break
        time.sleep(0.05)
    yield tls
    running.terminate()
    running.wait(patience.SECONDS)
    upstream.shutdown()


def _ask(port: int, path: str = "/", **headers: str) -> httpx.Response:
    return httpx.get(f"https://127.0.0.1:{port}{path}", headers=headers, verify=False)


def test_who_asks_is_what_the_proxy_saw_and_not_what_the_client_says(proxy: int) -> None:
    answer = _ask(proxy, **{"X-Forwarded-For": "203.0.113.9", "Host": "billing.example.org"})
    assert answer.json()["x-forwarded-for"] == "127.0.0.1"
    assert answer.json()["host"] == "billing.example.org"
    assert answer.headers["strict-transport-security"]


def test_what_is_nobodys_business_outside_does_not_pass(proxy: int) -> None:
    assert [_ask(proxy, path).status_code for path in ("/metrics", "/health/ready")] == [404, 404]
    assert _ask(proxy, "/metrics-of-mine").status_code == 200


def test_large_heads_and_large_bodies_do_not_pass(proxy: int) -> None:
    assert _ask(proxy, **{"X-A": "a" * 40_000}).status_code in (400, 431)
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with socket.create_connection(("127.0.0.1", proxy)) as wire, context.wrap_socket(wire) as sealed:
        sealed.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 67000000000\r\n\r\n")
        assert sealed.recv(1_000).startswith(b"HTTP/1.1 413")


async def test_half_a_head_is_not_kept(proxy: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy)
    writer.write(b"\x16")
    async with asyncio.timeout(patience.SECONDS):
        assert await reader.read() == b""
    writer.close()
