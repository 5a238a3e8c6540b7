"""Templates: an operator's own texts, looked at before anybody is sent one."""

from __future__ import annotations

from services.notifications import store
from services.notifications.domain import Unsendable
from shared import clock
from shared.contracts.envelope import Received
from shared.contracts.notifications import SaveSmsTemplate, SmsTemplateChanged
from shared.db import Tx
from shared.refusals import NotFound
from shared.sms import TextRefused, check_template


async def save_template(received: Received[SaveSmsTemplate], tx: Tx) -> SmsTemplateChanged:
    """Keep an operator's text, or give it back to the operator above; raises Unsendable."""
    command = received.data
    operator = (await store.operators(tx, {command.operator_id})).get(command.operator_id)
    if operator is None or (command.scope is not None and command.scope not in operator.path):
        raise NotFound("operator_id")
    if command.text is not None:
        try:
            check_template(command.template, command.text)
        except TextRefused as refusal:
            raise Unsendable("text", str(refusal)) from refusal
    known = await store.lock_template(tx, command.operator_id, command.template, command.language)
    changed = SmsTemplateChanged(
        operator_id=command.operator_id,
        template=command.template,
        language=command.language,
        text=command.text.strip() if command.text is not None else None,
        changed_by=command.actor.signed_as,
        changed_at=clock.now(),
        version=known.version + 1 if known else 1,
    )
    await store.save_template(tx, changed)
    return changed
