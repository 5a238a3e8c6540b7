"""Payment links: the body that sends one."""

from __future__ import annotations

from gateway.schemas.fields import Shape


class PaymentLink(Shape):
    """Whether the link goes out by SMS."""

    send_sms: bool = True
