"""Signing in, and a new password."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints
from typing_extensions import TypedDict

from gateway.schemas.answers import answer
from gateway.schemas.fields import AnyPassword, Password, Shape
from gateway.schemas.users import SignedIn

Code = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", max_length=40)]


@answer
class Session(TypedDict):
    """A session that was opened."""

    user: SignedIn
    """Who is signed in."""
    csrf_token: str | None
    """What unsafe methods send as `X-CSRF-Token`."""


@answer
class Me(SignedIn):
    """The caller."""

    user: SignedIn
    """The same, as signing in tells it."""
    csrf_token: str | None
    """What unsafe methods send as `X-CSRF-Token`; null for a token of the API."""


class SignIn(Shape):
    """Credentials to sign in with."""

    email: Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", max_length=200, to_lower=True)]
    """The e-mail address."""
    password: AnyPassword
    """The password."""
    code: Code | None = None
    """The code of the authenticator app, or a recovery code, where the user has a second factor."""


class ChangePassword(Shape):
    """A new password, by whoever knows the old one."""

    current_password: AnyPassword
    """The password of now."""
    new_password: Password
    """The password from now on: at least 12 characters, and none of the common ones."""
    revoke_tokens: bool = False
    """Whether the user's API tokens end too."""
