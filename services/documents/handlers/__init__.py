"""What documents does with each message that it hears."""

from __future__ import annotations

from collections.abc import Mapping

from services.documents import store
from services.documents.handlers import profiles, renderings, republishing
from services.documents.handlers.answers import answering
from shared import erasure
from shared.consumer import Handler
from shared.contracts import documents
from shared.contracts.catalog import BillingSettingsChanged, CustomerErased, OperatorChanged
from shared.contracts.envelope import Message
from shared.contracts.invoicing import Republish

COMMANDS: Mapping[type[Message], Handler] = {
    documents.RenderDocument: answering(renderings.render_invoice),
    documents.RenderReceipt: answering(renderings.render_receipt),
    documents.RenderStatement: answering(renderings.render_statement),
    documents.PreviewIspProfile: answering(profiles.preview_isp_profile),
    documents.ChangeIspProfile: answering(profiles.change_isp_profile),
    Republish: answering(republishing.republish),
}

BULK: Mapping[type[Message], Handler] = {
    documents.RenderDocument: answering(renderings.render_invoice, "bulk"),
    documents.MakePrintFile: answering(renderings.make_print_file, "bulk"),
}

CATALOG: Mapping[type[Message], Handler] = {
    OperatorChanged: store.installation.learn_operators,
    BillingSettingsChanged: store.installation.learn_billing_settings,
    CustomerErased: erasure.hear,
}
