"""SMS gateways as they speak: one module a protocol, each turns an answer into what it means.

An adapter never decides what happens next; it says taken, not taken or doubtful, in the provider's words.
"""

from __future__ import annotations

from collections.abc import Mapping

from services.notifications.providers import bulksmsbd, generic, sslwireless, twilio
from services.notifications.providers.job import Ask, Send
from shared.contracts.notifications import Provider

SEND: Mapping[Provider, Send] = {
    "http": generic.send,
    "bulksmsbd": bulksmsbd.send,
    "sslwireless": sslwireless.send,
    "twilio": twilio.send,
}
# Those that can tell what became of a message that nobody heard the end of.
ASK: Mapping[Provider, Ask] = {
    "sslwireless": sslwireless.ask,
    "twilio": twilio.ask,
}
