"""What notifications does with each message that it hears."""

from __future__ import annotations

from collections.abc import Mapping

from services.notifications import store
from services.notifications.handlers import republishing, templates
from services.notifications.handlers.answers import answering
from services.notifications.handlers.gateways import Gateways
from services.notifications.handlers.messages import Messages, sending
from services.notifications.vault import Vault
from shared import erasure
from shared.consumer import Handler
from shared.contracts import notifications
from shared.contracts.catalog import BillingSettingsChanged, CustomerErased, OperatorChanged
from shared.contracts.envelope import Message
from shared.contracts.invoicing import Republish

CATALOG: Mapping[type[Message], Handler] = {
    OperatorChanged: store.installation.learn_operators,
    BillingSettingsChanged: store.installation.learn_billing_settings,
    CustomerErased: erasure.hear,
}


def commands(vault: Vault) -> Mapping[type[Message], Handler]:
    """Return the handler of each command; only the vault opens what is sealed in one."""
    messages, gateways = Messages(vault), Gateways(vault)
    return {
        notifications.SendMessage: sending(vault),
        notifications.CancelMessage: answering(messages.cancel),
        notifications.SettleMessage: answering(messages.settle),
        notifications.RetryMessage: answering(messages.retry),
        notifications.SendTestMessage: answering(messages.send_test),
        notifications.ConfigureSmsGateway: answering(gateways.configure),
        notifications.RemoveSmsGateway: answering(gateways.remove),
        notifications.SaveSmsTemplate: answering(templates.save_template),
        Republish: answering(republishing.republish),
    }
