"""A running stack with a small ISP, and a real Chromium that visits its pages.

`ISPBILLS_BROWSER_STATE_DIR` names a stack that is up already (for work on these tests); else one is started.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

from tests import patience
from tests.browser.isp import Isp, fill
from tests.stores import new_home

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run",
]  # fmt: skip
PORT_BASE = os.environ.get("ISPBILLS_PORT_BASE", "18600")


@dataclass(frozen=True)
class Stack:
    """Where the pages are, and who may sign in."""

    address: str
    email: str
    password: str
    isp: Isp
    state_dir: str
    kafka: str


def ispbills(state_dir: str, *arguments: str) -> str:
    """The command, on this stack."""
    variables = os.environ | {"ISPBILLS_STATE_DIR": state_dir, "ISPBILLS_PORT_BASE": PORT_BASE}
    command = [str(Path(sys.executable).parent / "ispbills"), *arguments]
    return subprocess.run(
        command, env=variables, check=True, capture_output=True, text=True, timeout=patience.SECONDS
    ).stdout


@pytest.fixture(scope="package")
def stack() -> Iterator[Stack]:
    """One stack for the whole session; what a test changes it finds by its own customer."""
    if not Path(CHROMIUM).exists():
        pytest.skip(f"no browser at {CHROMIUM}")
    given = os.environ.get("ISPBILLS_BROWSER_STATE_DIR")
    state_dir = given or str(new_home("ispbills-browser-"))
    try:
        if not given:
            ispbills(state_dir, "up", "--detach")
        facts = json.loads(ispbills(state_dir, "status", "--json"))
        admin = facts["admin"]
        with httpx.Client(base_url=facts["gateway_url"] + "/api/v1", timeout=patience.SECONDS) as client:
            isp = fill(client, admin["email"], admin["password"])
        yield Stack(
            facts["gateway_url"],
            admin["email"],
            admin["password"],
            isp,
            state_dir,
            facts["kafka_bootstrap_servers"],
        )
    finally:
        if not given:
            ispbills(state_dir, "down")
            shutil.rmtree(state_dir, ignore_errors=True)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        expect.set_options(timeout=patience.MILLISECONDS)
        yield chromium
        chromium.close()


def sign_in(page: Page, email: str, password: str) -> None:
    """Through the door, as anybody does."""
    page.goto("/sign-in")
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/bills**")


def open_context(browser: Browser, stack: Stack, **options: Any) -> BrowserContext:
    size = {"width": 1440, "height": 900}
    context = browser.new_context(**{"base_url": stack.address, "viewport": size, **options})
    context.set_default_timeout(patience.MILLISECONDS)
    return context


@contextmanager
def following(page: Page) -> Iterator[None]:
    """Go to a page of bills, and leave once the stream of what others change is open."""
    with page.expect_response(re.compile(r"/bills/changes\?")):
        yield


def reload_until(page: Page, shown: Locator) -> None:
    """Look again, as who waits without JavaScript does, until it is there."""
    deadline = time.monotonic() + patience.SECONDS
    while not shown.count():
        assert time.monotonic() < deadline, f"never shown: {shown}"
        page.reload()


@pytest.fixture(scope="package")
def session(browser: Browser, stack: Stack) -> Any:
    """The admin's cookies: one sign-in serves all tests, for ten a minute are the most."""
    context = open_context(browser, stack)
    sign_in(context.new_page(), stack.email, stack.password)
    cookies = context.storage_state()
    context.close()
    return cookies


@pytest.fixture
def admin(browser: Browser, stack: Stack, session: Any) -> Iterator[Page]:
    """The admin's page, signed in. A script error or a breach of the content policy fails the test."""
    context = open_context(browser, stack, storage_state=session)
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "console", lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None
    )
    page.goto("/bills")
    yield page
    context.close()
    assert wrong == []
