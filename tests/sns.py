"""Amazon SNS in a test: a certificate of its own, and messages of any topic signed under it."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

HOST = "https://sns.ap-southeast-1.amazonaws.com"
CERTIFICATE = f"{HOST}/cert.pem"
TOPIC = "arn:aws:sns:ap-southeast-1:1:bkash"


def _certificate() -> tuple[rsa.RSAPrivateKey, bytes]:
    key = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    return key, made.public_bytes(serialization.Encoding.PEM)


KEY, PEM = _certificate()


def notification(
    at: datetime, reference: str = "ref-1", topic: str = TOPIC, version: str = "2", **changed: str
) -> bytes:
    """What SNS posts of a payment with bKash; what is `changed` was so after it was signed."""
    said = {"trxID": "T1", "merchantInvoiceNumber": reference, "amount": "100"}
    return _signed({"Type": "Notification", "Message": json.dumps(said)}, at, topic, version, changed)


def confirmation(at: datetime, topic: str = TOPIC) -> bytes:
    """What SNS posts when somebody subscribes us to a topic."""
    more = {"Message": "Visit it.", "SubscribeURL": f"{HOST}/?Action=ConfirmSubscription", "Token": "t"}
    return _signed({"Type": "SubscriptionConfirmation"} | more, at, topic, "2", {})


def _signed(fields: dict[str, str], at: datetime, topic: str, version: str, changed: dict[str, str]) -> bytes:
    fields |= {"MessageId": "m-1", "TopicArn": topic, "Timestamp": at.isoformat(timespec="milliseconds")}
    # By their names' order: https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
    text = "".join(f"{name}\n{fields[name]}\n" for name in sorted(fields))
    algorithm = hashes.SHA256() if version == "2" else hashes.SHA1()
    signature = base64.b64encode(KEY.sign(text.encode(), padding.PKCS1v15(), algorithm)).decode()
    fields |= {"SignatureVersion": version, "SigningCertURL": CERTIFICATE, "Signature": signature}
    return json.dumps(fields | changed).encode()
