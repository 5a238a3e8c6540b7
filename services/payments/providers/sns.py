"""Amazon SNS, by which bKash notifies: signatures under certificates of SNS's own hosts alone.

Source: https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import httpx
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.x509 import load_pem_x509_certificate

from services.payments.providers.protocol import Forged, Heard, NoAnswer
from shared.outgoing import send

_CERTIFICATE = re.compile(r"https://sns\.[a-z0-9-]{1,30}\.amazonaws\.com/[A-Za-z0-9/_.-]{1,200}\.pem")
_SUBSCRIBE = re.compile(r"https://sns\.[a-z0-9-]{1,30}\.amazonaws\.com/\?[^\s]{1,1500}")
_SIGNED = {
    "Notification": ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    "SubscriptionConfirmation": (
        "Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type",
    ),
}  # fmt: skip
_HASHES = {"1": SHA1, "2": SHA256}
_LONGEST = timedelta(hours=1)
_SECONDS = 10.0


@dataclass
class Certificates:
    """The certificates of SNS, each fetched once."""

    client: httpx.AsyncClient
    known: dict[str, RSAPublicKey] = field(default_factory=dict)

    async def key(self, url: str) -> RSAPublicKey:
        """Return the key of a certificate; raises Forged for another host, NoAnswer where it is not told."""
        if not _CERTIFICATE.fullmatch(url):
            raise Forged("a certificate of another host")
        if url not in self.known:
            self.known[url] = _public_key(await self._fetch(url))
        return self.known[url]

    async def _fetch(self, url: str) -> bytes:
        """A redirect is no certificate: it is not followed."""
        try:
            answer = await send(self.client, self.client.build_request("GET", url), seconds=_SECONDS)
        except (httpx.HTTPError, TimeoutError, OSError) as error:
            raise NoAnswer(repr(error)) from error
        if answer.status != 200:
            raise NoAnswer(f"HTTP {answer.status}")
        return answer.content


def _public_key(pem: bytes) -> RSAPublicKey:
    try:
        key = load_pem_x509_certificate(pem).public_key()
    except (ValueError, UnsupportedAlgorithm) as error:
        raise Forged("no certificate") from error
    if not isinstance(key, RSAPublicKey):
        raise Forged("no RSA key")
    return key


async def read(body: bytes, certificates: Certificates, now: Iterable[datetime]) -> Mapping[str, str]:
    """Return the fields of a message whose signature holds and that is not old; raises Forged, NoAnswer."""
    fields = _fields(body)
    names = _SIGNED.get(fields.get("Type", ""))
    algorithm = _HASHES.get(fields.get("SignatureVersion", ""))
    if names is None or algorithm is None:
        raise Forged("no message of SNS")
    key = await certificates.key(fields.get("SigningCertURL", ""))
    signed = "".join(f"{name}\n{fields[name]}\n" for name in names if name in fields)
    try:
        signature = base64.b64decode(fields.get("Signature", ""), validate=True)
        key.verify(signature, signed.encode(), PKCS1v15(), algorithm())
        at = datetime.fromisoformat(fields["Timestamp"])
        is_old = all(abs(each - at) > _LONGEST for each in now)
    except (binascii.Error, InvalidSignature, KeyError, ValueError, TypeError) as error:
        raise Forged("wrong signature") from error
    if is_old:
        raise Forged("too old")
    return fields


def _fields(body: bytes) -> dict[str, str]:
    try:
        fields = json.loads(body)
    except ValueError as error:
        raise Forged("no JSON") from error
    if not isinstance(fields, dict):
        raise Forged("no JSON object")
    return {name: value for name, value in fields.items() if isinstance(value, str)}


def heard(fields: Mapping[str, str]) -> Heard:
    """Return what a notification of bKash is about; raises Forged for what is none."""
    try:
        said = json.loads(fields["Message"])
        return Heard(fields["MessageId"][:200], str(said["merchantInvoiceNumber"])[:200])
    except (ValueError, KeyError, TypeError) as error:
        raise Forged("no notification of bKash") from error


async def confirm(fields: Mapping[str, str], client: httpx.AsyncClient) -> None:
    """Confirm a subscription, at SNS's own address alone; raises Forged, NoAnswer."""
    url = fields.get("SubscribeURL", "")
    if not _SUBSCRIBE.fullmatch(url):
        raise Forged("an address of another host")
    try:
        await send(client, client.build_request("GET", url), seconds=_SECONDS)
    except (httpx.HTTPError, TimeoutError, OSError) as error:
        raise NoAnswer(repr(error)) from error
