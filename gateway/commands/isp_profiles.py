"""ISP profiles: set what is named, give back what is null, and try it out before it is saved."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeAlias, cast
from uuid import UUID

from gateway.access import Principal
from gateway.commands import documents as document_commands
from gateway.commands.documents import File, Wanted, store_away, store_of
from gateway.context import Gateway
from gateway.operations import submit
from gateway.operations.submit import Key, Outcome, opened
from gateway.problems import wrong
from gateway.queries import operators as operator_queries
from gateway.schemas import isp_profiles as profile_schemas
from gateway.store import isp_profiles as profile_store
from gateway.store.documents import Asking
from shared import blobs
from shared.blobs import BlobsUnavailable
from shared.contracts.documents import (
    ChangeIspProfile,
    LogoUpload,
    PreviewIspProfile,
    ProfileChange,
    ProfileField,
    ProfileFields,
)
from shared.db import Tx
from shared.ids import new_id

Sample: TypeAlias = Literal["invoice", "receipt", "statement"]
_STARTS = {"image/png": b"\x89PNG", "image/jpeg": b"\xff\xd8\xff"}


async def change_profile(
    gateway: Gateway,
    principal: Principal,
    read: Callable[[], profile_schemas.IspProfile],
    key: Key | None,
    upload: LogoUpload | None = None,
) -> Outcome:
    """Change a profile for what is issued from now on; `upload` is a logo that was put down before."""
    async with opened(gateway, principal, "change-settings", key) as operation:
        body = read()
        operator_id = body.operator_id or principal.operator_id
        await operator_queries.operator(operation.tx, principal, operator_id)
        await operation.claim()
        if body.logo is not None:
            upload = await put_down(gateway, content_of(body.logo), body.logo.file_name)
        change = change_of(operator_id, body, upload)
        await operation.submit(
            "isp-profile", operator_id, ChangeIspProfile(change=change, **operation.signature)
        )
    return operation.outcome


def change_of(
    operator_id: UUID, body: profile_schemas.IspProfile, upload: LogoUpload | None
) -> ProfileChange:
    """Return what a body changes: what it names is set, what is null in it is given back."""
    named = {name: getattr(body, name) for name in profile_schemas.TEXTS if getattr(body, name) is not None}
    given_back = [
        cast("ProfileField", name)
        for name in profile_schemas.FIELDS
        if name in body.model_fields_set and getattr(body, name) is None
    ]
    if upload is not None:
        given_back = [name for name in given_back if name != "logo"]
    return ProfileChange(
        operator_id=operator_id,
        fields=ProfileFields(**named),
        inherit=tuple(given_back),
        logo=upload,
        no_logo=bool(body.no_logo) and upload is None,
    )


def content_of(logo: profile_schemas.Logo) -> bytes:
    """Return a logo's bytes; what they are must be what the request calls them."""
    try:
        content = base64.b64decode(logo.base64, validate=True)
    except (binascii.Error, ValueError) as error:
        raise wrong("logo.base64", "This is no base64.") from error
    if not content:
        raise wrong("logo.base64", "There is no picture in it.")
    for media_type, start in _STARTS.items():
        if content.startswith(start) and media_type != logo.media_type:
            raise wrong("logo.media_type", f"The picture is {media_type}, whatever the request calls it.")
    return content


async def put_down(gateway: Gateway, content: bytes, file_name: str) -> LogoUpload:
    """Put a picture where documents will judge it."""
    key = f"incoming/{new_id()}"
    try:
        await blobs.put(store_of(gateway), key, content)
    except BlobsUnavailable as error:
        raise store_away() from error
    digest = hashlib.sha256(content).hexdigest()
    return LogoUpload(key=key, size_bytes=len(content), sha256=digest, file_name=file_name)


async def preview(
    gateway: Gateway,
    principal: Principal,
    operator_id: UUID,
    body: profile_schemas.IspProfile,
    upload: LogoUpload | None,
    sample: Sample,
) -> File | Outcome:
    """Have a sample drawn as a change would make it; nothing is saved."""
    principal.must("change-settings")
    change = change_of(operator_id, body, upload)

    async def want(tx: Tx) -> Wanted:
        await operator_queries.operator(tx, principal, operator_id)
        rows = await profile_store.on_path(tx, operator_id)
        command = PreviewIspProfile(
            document_id=operator_id, change=change, document=sample, **submit.signature(principal)
        )
        shows = _shows(change, sample, {str(row["id"]): row["version"] for row in rows})
        return Wanted(Asking("preview", operator_id, shows), command, "/settings/isp-profile")

    return await document_commands.file_of(gateway, principal, want)


def _shows(change: ProfileChange, sample: Sample, versions: Mapping[str, Any]) -> str:
    """Return the key of a preview: the picture by its content, those above by their versions."""
    said = change.model_dump_json(exclude={"logo"})
    logo = change.logo.sha256 if change.logo else ""
    return hashlib.sha256(f"{said} {logo} {sample} {versions}".encode()).hexdigest()
