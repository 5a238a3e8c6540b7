"""Signing in, and a new password."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from gateway.schemas.fields import AnyPassword, Password, Shape


class SignIn(Shape):
    """Who wants in."""

    email: Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", max_length=200, to_lower=True)]
    password: AnyPassword


class ChangePassword(Shape):
    """A new password, by whoever knows the old one."""

    current_password: AnyPassword
    new_password: Password
    revoke_tokens: bool = False
