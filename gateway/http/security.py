"""Security headers of every answer, and the session's cookie."""

from __future__ import annotations

from litestar.datastructures import Cookie, MutableScopeHeaders
from litestar.types import Message, Scope

from gateway.commands import sessions as session_commands
from gateway.context import Gateway
from gateway.http.requests import cookie_name

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; "
    "manifest-src 'self'"
)
SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def session_cookie(session: session_commands.Session, gateway: Gateway) -> Cookie:
    """The cookie that carries a session."""
    return Cookie(
        key=cookie_name(gateway),
        value=session.token,
        max_age=session.seconds,
        httponly=True,
        samesite="lax",
        path="/",
        secure=gateway.settings.is_secure,
    )


async def guard(message: Message, _: Scope) -> None:
    """Every answer carries the security headers, refusals and redirects too."""
    if message["type"] == "http.response.start":
        headers = MutableScopeHeaders.from_message(message)
        for name, value in SECURITY_HEADERS.items():
            headers.setdefault(name, value)
