"""A mobile as it was typed, read by the rules of the installation's country."""

from __future__ import annotations

from gateway.problems import wrong
from gateway.queries import billing_settings as settings_queries
from shared.db import Tx
from shared.values.mobiles import NoMobile, read_mobile


async def mobile_or_refuse(tx: Tx, typed: str, field: str = "mobile") -> str:
    """Return the one mobile in E.164; 422 `no-mobile` says why what was typed is none, or more than one."""
    country = await settings_queries.country(tx)
    try:
        mobile = read_mobile(typed, country)
    except NoMobile as error:
        raise wrong(field, error.detail, "no-mobile") from error
    if mobile is None:
        raise wrong(field, "This is no mobile number; null stands for none.", "no-mobile")
    if mobile.alternate is not None:
        raise wrong(field, "These are two numbers; leave the one that is theirs.", "no-mobile")
    return mobile.number
