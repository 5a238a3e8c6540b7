"""What is wrong with a field, in the words of whoever sent it: never a library's types or a pattern."""

from __future__ import annotations

from pydantic_core import ErrorDetails

PATTERNS = {
    r"^[^\x00]*$": "a text without the character NUL",
    r"^[^\x00]*[^\x00\s][^\x00]*$": "a text that is not blank, without the character NUL",
    r"^[^\x00\r\n]*$": "one line of text",
    r"^[A-Z]{3}$": "three capital letters, such as BDT",
    r"^[0-9]{4}-(0[1-9]|1[0-2])$": "a month as YYYY-MM",
    r"^#[0-9a-fA-F]{6}$": "a colour, such as #1a5fb4",
    r"^https?://[^\s\x00]+$": "an address that begins with https:// or http://",
    r"^([01][0-9]|2[0-3]):[0-5][0-9]$": "a time of day as HH:MM",
    r"^[a-z0-9][a-z0-9-]{0,39}$": "small letters, digits and hyphens, at most 40",
    r"^[a-z0-9][a-z0-9_-]{0,39}$": "small letters, digits, hyphens and underscores, at most 40",
    r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$": "letters, digits, and . _ - behind the first, at most 40",
    r"^[A-Za-z0-9][A-Za-z0-9._/-]{0,39}$": "letters, digits, and . _ / - behind the first, at most 40",
    r"^[A-Za-z0-9_+/-]+$": "a time zone, such as Asia/Dhaka",
    r"^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_.-]{1,256}$": "a topic of SNS, as AWS shows it",
    r"^[!-?A-~]+@[!-?A-~]+$": "an e-mail address, such as till@example.net",
}


def told(error: ErrorDetails) -> str:
    """Return what a field wants, where the library says it in its own words; else what the library says."""
    context = error.get("ctx", {})
    match error["type"]:
        case "string_pattern_mismatch":
            return PATTERNS.get(context["pattern"], error["msg"])
        case "uuid_parsing":
            return "a UUID, such as 01a21c89-5866-73cb-9612-859d32a99942"
        case "too_short":
            return f"at least {context['min_length']}, not {context['actual_length']}"
        case "too_long":
            return f"at most {context['max_length']}"
        case "extra_forbidden":
            return "There is no such field."
        case _:
            return error["msg"].removeprefix("Value error, ")
