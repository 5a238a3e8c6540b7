"""Messages to customers: what is asked of notifications, what became of each, and how it is set up.

No text and no address of a link travels in the open: a command carries the link's address sealed for
notifications, and an event carries neither text nor mobile number.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from shared.contracts.envelope import (
    Command,
    Count,
    Message,
    Minor,
    Sealed,
    Shape,
    ShortText,
    Text,
    Version,
)

Language = Literal["en", "bn"]
Template = Literal["payment-link", "reminder", "payment-received", "portal-address", "test"]
Provider = Literal["http", "bulksmsbd", "sslwireless", "twilio", "sandbox"]
State = Literal["queued", "sending", "sent", "delivered", "failed", "unknown"]
LocalTime = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
WebAddress = Annotated[str, StringConstraints(pattern=r"^https?://[^\s\x00]+$", max_length=500)]
MobileTail = Annotated[str, StringConstraints(pattern=r"^[0-9]{0,3}$")]
Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]+$", max_length=100)]

# The values of a template, besides `link`, which stands for the sealed address.
PLACEHOLDERS = ("customer", "code", "period", "number", "balance", "amount", "due", "isp", "link")


class HttpSettings(Shape):
    """A gateway that is described by templates: `{to}`, `{text}`, `{reference}`, `{unicode}`, `{secret}`,
    `{report_url}` (where the provider tells what became of the message).

    Without templates of them the request is JSON of `to`, `text` and `reference`. Each value is escaped for
    where it stands. A message counts as taken when the answer is 2xx and `success_pattern` is found in it;
    one whose answer holds `failure_pattern` was not sent, whatever its status. `reference_pattern` finds the
    provider's own reference in its first group.
    """

    url: WebAddress
    method: Literal["GET", "POST", "PUT"] = "POST"
    headers: Mapping[Name, Text] = Field(default_factory=dict, max_length=30)
    query: Mapping[ShortText, Text] = Field(default_factory=dict, max_length=30)
    body: Text = ""
    success_pattern: Text = ""
    failure_pattern: Text = ""
    reference_pattern: Text = ""
    number_format: Literal["e164", "digits", "national"] = "e164"  # +8801…, 8801…, 01…
    unicode_values: tuple[Text, Text] = ("false", "true")  # what `{unicode}` says of GSM-7 and of UCS-2


class BulkSmsBdSettings(Shape):
    """BulkSMSBD: the sender that the provider approved."""

    sender_id: ShortText


class SslWirelessSettings(Shape):
    """SSL Wireless SMS Plus v3: the stakeholder that the provider gave."""

    sid: ShortText


class TwilioSettings(Shape):
    """Twilio: the account, and a number or a messaging service to send from."""

    account_sid: ShortText
    from_: ShortText = Field(alias="from")


class SandboxSettings(Shape):
    """The sandbox has an inbox and nothing to set."""


PROVIDER_SETTINGS: Mapping[Provider, type[Shape]] = {
    "http": HttpSettings,
    "bulksmsbd": BulkSmsBdSettings,
    "sslwireless": SslWirelessSettings,
    "twilio": TwilioSettings,
    "sandbox": SandboxSettings,
}
# What is sealed in a dict of these names, and never said again.
PROVIDER_SECRETS: Mapping[Provider, tuple[str, ...]] = {
    "http": ("secret",),
    "bulksmsbd": ("api_key",),
    "sslwireless": ("api_token",),
    "twilio": ("auth_token",),
    "sandbox": (),
}


class SendMessage(Command):
    """Send one text to one mobile, once; `message_id` is the reference that the SMS gateway sees.

    Ends in `message.queued.v1`, or in a refusal (`no-mobile`, `sms-gateway-not-configured`); the same
    `message_id` again is the same message. `sealed_url` is sealed for `notifications`, the operator and
    provider `link`, as `{"url": …}`.
    """

    type: ClassVar[str] = "message.send.v1"
    topic: ClassVar[str] = "notifications.commands"

    message_id: UUID
    customer_id: UUID
    operator_id: UUID
    invoice_id: UUID | None = None
    mobile: Text  # as it stands at the customer
    template: Template
    language: Language = "en"
    values: Mapping[Name, Text] = Field(default_factory=dict, max_length=20)
    sealed_url: Sealed | None = None
    bulk_action_id: UUID | None = None
    not_after: datetime | None = None  # what is not sent by then fails: `too-late`

    def key(self) -> str:
        return str(self.customer_id)


class OfMessage(Command):
    """A command about a message that is known already."""

    topic: ClassVar[str] = "notifications.commands"

    message_id: UUID

    def key(self) -> str:
        return str(self.message_id)


class CancelMessage(OfMessage):
    """Do not send a message that still waits; one that was sent stays sent. Ends in the message's state."""

    type: ClassVar[str] = "message.cancel.v1"


class SettleMessage(OfMessage):
    """A person says what became of an `unknown` message; refused (`not-unknown`) for any other."""

    type: ClassVar[str] = "message.settle.v1"

    outcome: Literal["sent", "failed"]
    note: Text = ""


class RetryMessage(OfMessage):
    """Send a failed message once more as `retry_id`; refused (`not-failed`) for any other."""

    type: ClassVar[str] = "message.retry.v1"

    retry_id: UUID


class SendTestMessage(OfMessage):
    """Send a test now, whatever the hours; ends in the message's `sent`, `failed` or `unknown`.

    `gateway_id` tests exactly that gateway, enabled or not.
    """

    type: ClassVar[str] = "sms-gateway.test.v1"

    operator_id: UUID
    gateway_id: UUID | None = None
    to: Text
    language: Language = "en"


class MessageState(Message):
    """A message as of now; `code` and `detail` are the provider's own words, where it said any."""

    topic: ClassVar[str] = "notifications.messages"

    message_id: UUID
    customer_id: UUID | None  # None: a test
    operator_id: UUID
    invoice_id: UUID | None
    bulk_action_id: UUID | None = None
    template: Template
    language: Language
    mobile_tail: MobileTail
    state: State
    provider: Provider | None
    gateway_id: UUID | None
    code: Text | None
    detail: Text | None
    segments: Count
    cost_minor: Minor | None
    at: datetime
    version: Version

    def key(self) -> str:
        return str(self.customer_id or self.message_id)


class MessageQueued(MessageState):
    """The message waits for its turn, for the hours, or for another try."""

    type: ClassVar[str] = "message.queued.v1"


class MessageSending(MessageState):
    """The message is with a provider that has not answered yet."""

    type: ClassVar[str] = "message.sending.v1"


class MessageSent(MessageState):
    """A provider took the message."""

    type: ClassVar[str] = "message.sent.v1"


class MessageDelivered(MessageState):
    """The provider reports that the telephone has it."""

    type: ClassVar[str] = "message.delivered.v1"


class MessageFailed(MessageState):
    """The message was not sent, or not delivered, and will not be by itself."""

    type: ClassVar[str] = "message.failed.v1"


class MessageUnknown(MessageState):
    """Nobody can tell whether the message was sent; a person settles it."""

    type: ClassVar[str] = "message.unknown.v1"


class ConfigureSmsGateway(Command):
    """Set up or change a gateway for an operator and everybody below without their own.

    What is None stays as it is (in a new gateway: the default); `settings` are those of its provider, whole;
    `clear` takes away what has no default. `sealed` is sealed for `notifications`, the operator and the
    provider, with the names of PROVIDER_SECRETS.
    """

    type: ClassVar[str] = "sms-gateway.configure.v1"
    topic: ClassVar[str] = "notifications.commands"

    gateway_id: UUID
    operator_id: UUID
    provider: Provider
    priority: Annotated[int, Field(ge=0, le=1_000)] | None = None  # the lowest first, the others fall back
    enabled: bool | None = None
    base_url: WebAddress | None = None
    settings: Mapping[str, Any] | None = None
    sealed: Sealed | None = None
    sending_from: LocalTime | None = None  # in the billing zone
    sending_until: LocalTime | None = None
    per_minute: Annotated[int, Field(ge=1, le=100_000)] | None = None
    cost_per_segment_minor: Minor | None = None
    clear: tuple[Literal["base_url", "sending_hours", "per_minute", "cost_per_segment_minor"], ...] = ()

    def key(self) -> str:
        return str(self.gateway_id)


class RemoveSmsGateway(Command):
    """Take a gateway away; what waits goes by the next one, if there is one."""

    type: ClassVar[str] = "sms-gateway.remove.v1"
    topic: ClassVar[str] = "notifications.commands"

    gateway_id: UUID

    def key(self) -> str:
        return str(self.gateway_id)


class SmsGatewayChanged(Message):
    """A gateway as it is now, without its secrets."""

    type: ClassVar[str] = "sms-gateway.changed.v1"
    topic: ClassVar[str] = "notifications.settings"

    gateway_id: UUID
    operator_id: UUID
    provider: Provider
    priority: Count
    enabled: bool
    base_url: Text | None
    settings: Mapping[str, Any]
    secret_sealed_at: datetime | None
    sending_from: LocalTime | None
    sending_until: LocalTime | None
    per_minute: Count | None
    cost_per_segment_minor: Minor | None
    removed: bool
    changed_by: ShortText
    changed_at: datetime
    version: Version

    def key(self) -> str:
        return str(self.gateway_id)


class SaveSmsTemplate(Command):
    """Give an operator its own text; None: the text of the nearest operator above counts again."""

    type: ClassVar[str] = "sms-template.save.v1"
    topic: ClassVar[str] = "notifications.commands"

    template: Template
    operator_id: UUID
    language: Language
    text: Text | None

    def key(self) -> str:
        return str(self.operator_id)


class SmsTemplateChanged(Message):
    """An operator's own text as it is now; None: it has none."""

    type: ClassVar[str] = "sms-template.changed.v1"
    topic: ClassVar[str] = "notifications.settings"

    template: Template
    operator_id: UUID
    language: Language
    text: Text | None
    changed_by: ShortText
    changed_at: datetime
    version: Version

    def key(self) -> str:
        return str(self.operator_id)
