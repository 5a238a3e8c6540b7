"""Signing in, and a new password."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from gateway.schemas.fields import AnyPassword, Password, Shape

Code = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", max_length=40)]


class SignIn(Shape):
    """Who wants in."""

    email: Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", max_length=200, to_lower=True)]
    password: AnyPassword
    code: Code | None = None


class ChangePassword(Shape):
    """A new password, by whoever knows the old one."""

    current_password: AnyPassword
    new_password: Password
    revoke_tokens: bool = False
