"""An authority of one's own and the certificate of a server on this machine."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Certificates:
    """Paths of PEM files; `server` holds the server's key and its certificate."""

    authority: Path
    certificate: Path
    key: Path
    server: Path


def make_certificates(home: Path, name: str) -> Certificates:
    """A new authority and what it vouches for: a server at 127.0.0.1."""
    authority_key, server_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    authority_name = _named(f"{name} authority")
    authority = _certificate(authority_name, authority_name, authority_key, authority_key, is_authority=True)
    server = _certificate(_named(name), authority_name, server_key, authority_key, is_authority=False)
    key = server_key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    files = {
        "authority": authority.public_bytes(serialization.Encoding.PEM),
        "certificate": server.public_bytes(serialization.Encoding.PEM),
        "key": key,
        "server": key + server.public_bytes(serialization.Encoding.PEM),
    }
    home.mkdir(exist_ok=True)
    paths = {part: home / f"{part}.pem" for part in files}
    for part, path in paths.items():
        path.write_bytes(files[part])
    return Certificates(**paths)


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    signed_with: ec.EllipticCurvePrivateKey,
    *,
    is_authority: bool,
) -> x509.Certificate:
    now = datetime.now(UTC)
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - DAY)
        .not_valid_after(now + DAY)
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(here, critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    # RFC 5280 asks for these, and Python since 3.13 refuses whoever lacks them.
    vouching = x509.AuthorityKeyIdentifier.from_issuer_public_key(signed_with.public_key())
    made = made.add_extension(vouching, critical=False)
    if is_authority:
        made = made.add_extension(_signs_only(), critical=True)
    return made.sign(signed_with, hashes.SHA256())


def _signs_only() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=False, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False,
    )  # fmt: skip
