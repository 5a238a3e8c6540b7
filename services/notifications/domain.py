"""The rules of messages: what an answer means, where a message goes next, when it may be sent."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from shared.refusals import Refused

State: TypeAlias = Literal["queued", "sending", "sent", "delivered", "failed", "unknown"]

MOST_TRIES = 6
# What a provider refuses for the moment is tried again after so long, the last as often as tries are left.
_PAUSES = tuple(timedelta(seconds=each) for each in (30, 120, 480, 1_800, 3_600))
# When a provider that can tell is asked about a message that nobody knows the end of.
ASKED_AFTER = tuple(timedelta(seconds=each) for each in (5, 60, 300, 1_800))
LONGEST_DETAIL = 300
LONGEST_CODE = 60
SSL_REFERENCE_LENGTH = 19  # SSL Wireless takes 20 characters
_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


class NoGateway(Refused):
    """No SMS gateway is configured; share the customer's portal address instead."""

    code = "sms-gateway-not-configured"


class NoMobileNumber(Refused):
    """The customer has no mobile number that a message could be sent to."""

    code = "no-mobile"


class CustomerErased(Refused):
    """The customer was erased; nothing is sent to them any more."""

    code = "customer-erased"


class Unsendable(Refused):
    """The text cannot be sent."""

    code = "text-unsendable"


class LinkUnreadable(Refused):
    """The address of the link was not sealed for this message."""

    code = "link-unreadable"


class NotUnknown(Refused):
    """It is known already what became of this message."""

    code = "not-unknown"


class NotFailed(Refused):
    """Only a message that was not sent is sent once more; settle an unknown one first."""

    code = "not-failed"


class TooOld(Refused):
    """The text of this message is no longer kept; send a new one."""

    code = "too-old"


class WrongSettings(Refused):
    """A setting of this provider is missing or wrong."""

    code = "wrong-settings"


class SecretMissing(Refused):
    """This provider needs its key."""

    code = "secret-missing"


class SecretUnreadable(Refused):
    """The key was not sealed for this gateway, or is older than the one that is kept."""

    code = "secret-unreadable"


class AddressRefused(Refused):
    """This address leads into a private network."""

    code = "address-refused"


class AddressInTheOpen(Refused):
    """Use an https:// address: the key would travel in the open."""

    code = "address-in-the-open"


class SandboxInDevelopmentOnly(Refused):
    """The sandbox sends nothing; it is there for development alone."""

    code = "sandbox-in-development-only"


class ProviderFixed(Refused):
    """A gateway keeps its provider and its operator; set up another one beside it."""

    code = "provider-fixed"


@dataclass(frozen=True, slots=True)
class Taken:
    """The provider took the message; `reference` is what it calls it."""

    code: str | None = None
    detail: str | None = None
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class NotTaken:
    """The provider is known not to have sent it.

    `blame` is what is at fault: the moment (the same gateway may take it later), the gateway (another may
    take it) or the message (nobody will).
    """

    blame: Literal["moment", "gateway", "message"]
    code: str | None = None
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Doubtful:
    """Nobody can tell whether it was sent."""

    code: str | None = None
    detail: str | None = None


Outcome: TypeAlias = Taken | NotTaken | Doubtful


@dataclass(frozen=True, slots=True)
class Next:
    """The next state of a message: its name, and whether and when it is tried again."""

    state: State
    by_another: bool = False
    after: timedelta | None = None


def next_of(
    outcome: Outcome, *, tries: int, has_another: bool, may_pass: bool, is_test: bool, can_tell: bool
) -> Next:
    """Return what becomes of a message after an outcome.

    Another gateway is tried only where this one is known not to have sent it. `may_pass` says that an
    earlier gateway refused it for the moment alone.
    """
    if isinstance(outcome, Taken):
        return Next("sent")
    if isinstance(outcome, Doubtful):
        return Next("unknown", after=ASKED_AFTER[0] if can_tell else None)
    if is_test or outcome.blame == "message":
        return Next("failed")
    if has_another:
        return Next("queued", by_another=True)
    if (may_pass or outcome.blame == "moment") and tries < MOST_TRIES:
        return Next("queued", after=pause_after(tries))
    return Next("failed")


def pause_after(tries: int) -> timedelta:
    """Return how long a message waits after so many tries."""
    return _PAUSES[min(max(tries, 1), len(_PAUSES)) - 1]


def asked_again_after(asks: int) -> timedelta | None:
    """Return how long until a provider is asked once more; None when it was asked often enough."""
    return ASKED_AFTER[asks] if asks < len(ASKED_AFTER) else None


def is_open(now: datetime, zone: str, from_: time | None, until: time | None) -> bool:
    """Whether messages may be sent now; `until` before `from_` is a night across midnight."""
    if from_ is None or until is None or from_ == until:
        return True
    local = now.astimezone(ZoneInfo(zone)).time()
    if from_ < until:
        return from_ <= local < until
    return local >= from_ or local < until


def words(text: str | None, longest: int = LONGEST_DETAIL) -> str | None:
    """Return a provider's words on one line, without markup, cut to what a row shows; None for nothing."""
    if text is None:
        return None
    plain = re.sub(r"(?is)<(script|style)\b.*?</\1>|<[^<>]{0,500}>", " ", text)
    plain = " ".join("".join(each if each.isprintable() else " " for each in plain).split())
    return plain[:longest] or None


def without_secrets(text: str | None, secrets: list[str]) -> str | None:
    """Return a provider's words without what it may have repeated: keys, links, numbers."""
    for secret in sorted(secrets, key=len, reverse=True):
        if text and len(secret) >= 4:
            text = text.replace(secret, "•••")
    return text


def ssl_reference(message_id_bytes: bytes) -> str:
    """Return a message's reference in 19 letters and digits, always the same."""
    number = int.from_bytes(hashlib.sha256(message_id_bytes).digest()[:14])
    digits = ""
    for _ in range(SSL_REFERENCE_LENGTH):
        number, digit = divmod(number, 62)
        digits = _BASE62[digit] + digits
    return digits
