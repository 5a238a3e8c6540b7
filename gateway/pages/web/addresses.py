"""Addresses that a form may send its reader on to: paths of our own, read as a browser reads them."""

from __future__ import annotations

import re
from urllib.parse import quote

LONGEST = 2_000
# A browser drops tabs and line breaks and takes a backslash for a slash before it looks for a host:
# https://url.spec.whatwg.org/#concept-basic-url-parser
_NOT_OURS = re.compile(r"^(?!/)|^/[/\\]|[\x00-\x1f\x7f\\]")


def own_address(address: str, otherwise: str = "/bills") -> str:
    """Return the path, written so that it fits a header, or `otherwise` for what could lead elsewhere."""
    if _NOT_OURS.search(address) or len(address) > LONGEST:
        return otherwise
    return quote(address, safe="/?#&=%:@!$'()*+,;~[]")
