"""Payment gateways, one a file: each speaks its provider's protocol, and `protocol` to us."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx

from services.payments.providers import bkash, sandbox, sslcommerz, stripe
from services.payments.providers.calls import Calls
from services.payments.providers.protocol import Provider, Secrets
from services.payments.providers.tokens import Tokens

SECRETS: Mapping[str, tuple[str, ...]] = {
    "bkash": bkash.SECRETS,
    "sslcommerz": sslcommerz.SECRETS,
    "stripe": stripe.SECRETS,
    "sandbox": sandbox.SECRETS,
}
# What else may be kept with them.
OPTIONAL: Mapping[str, tuple[str, ...]] = {"bkash": bkash.OPTIONAL}
# What a provider takes at least and at most, where it says so itself.
LIMITS: Mapping[str, tuple[int, int]] = {"sslcommerz": sslcommerz.LIMITS}


@dataclass(frozen=True, slots=True)
class Outside:
    """The way to providers, and what is remembered of them while the process lives."""

    client: httpx.AsyncClient
    sandbox_page: str
    tokens: Tokens = field(default_factory=Tokens)

    def provider(self, name: str, secrets: Secrets, base_url: str | None) -> Provider:
        """Return the gateway under these credentials."""
        if name == "bkash":
            return self.bkash(secrets, base_url)
        if name == "sslcommerz":
            return self.sslcommerz(secrets, base_url)
        if name == "stripe":
            return self.stripe(secrets, base_url)
        return sandbox.Sandbox(secrets, base_url or self.sandbox_page)

    def bkash(self, secrets: Secrets, base_url: str | None) -> bkash.Bkash:
        """Return bKash under these credentials."""
        return bkash.Bkash(secrets, Calls(self.client, base_url or bkash.HOST), self.tokens)

    def sslcommerz(self, secrets: Secrets, base_url: str | None) -> sslcommerz.Sslcommerz:
        """Return SSLCommerz under these credentials."""
        return sslcommerz.Sslcommerz(secrets, Calls(self.client, base_url or sslcommerz.HOST))

    def stripe(self, secrets: Secrets, base_url: str | None) -> stripe.Stripe:
        """Return Stripe under these credentials."""
        return stripe.Stripe(secrets, base_url or stripe.HOST, self.client)
