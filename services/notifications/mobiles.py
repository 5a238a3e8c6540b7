"""Whose telephone a message goes to: exactly one number, or nobody's."""

from __future__ import annotations

import re

from services.notifications.domain import NoMobileNumber
from shared.values.countries import country_of
from shared.values.mobiles import NoMobile, read_mobile
from shared.values.texts import with_latin_digits


def mobile_to_send_to(text: str, currency: str) -> str:
    """Return the one mobile in E.164 that a field names by the rules of the currency's country.

    A field with two numbers, more digits than a number has, a filler or nothing raises NoMobileNumber: the
    message would go to a stranger.
    """
    try:
        mobile = read_mobile(text, country_of(currency))
    except NoMobile as error:
        raise NoMobileNumber("mobile", str(error)) from error
    if mobile is None or mobile.alternate is not None or not _is_all_of(text, mobile.number):
        raise NoMobileNumber("mobile")
    return mobile.number


def _is_all_of(text: str, number: str) -> bool:
    """Whether a text has no digit besides the number's own, with or without what is dialled before it."""
    digits = re.sub(r"[^0-9]", "", with_latin_digits(text).removesuffix(".0")).lstrip("0")
    return number.removeprefix("+").endswith(digits)
