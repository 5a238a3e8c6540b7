"""Writing what is known of getting paid online: links, checkouts, messages, and how both are set up."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from shared.contracts.envelope import DeadLetterChanged, ProcessReported
from shared.contracts.notifications import MessageState, SmsGatewayChanged, SmsTemplateChanged
from shared.contracts.payments import (
    CheckoutChanged,
    OnlineSettingsChanged,
    PaymentGatewayChanged,
    PaymentLinkState,
    ReminderRuleChanged,
    RemindersPlanned,
)
from shared.db import Tx, statements
from shared.versions import newest

_queries = statements(__file__)


async def save_payment_links(tx: Tx, links: Sequence[PaymentLinkState]) -> None:
    """Write links to pay by."""
    rows = newest(links, lambda each: each.link_id, lambda each: each.version)
    await _queries.project_payment_links(
        tx,
        ids=[row.link_id for row in rows],
        bill_ids=[row.invoice_id for row in rows],
        customer_ids=[row.customer_id for row in rows],
        further=["{" + ",".join(map(str, row.further_invoice_ids)) + "}" for row in rows],
        states=[row.state for row in rows],
        opened_ats=[row.opened_at for row in rows],
        expires_ats=[row.expires_at for row in rows],
        versions=[row.version for row in rows],
    )


async def save_checkouts(tx: Tx, checkouts: Sequence[CheckoutChanged]) -> None:
    """Write attempts to pay."""
    rows = newest(checkouts, lambda each: each.checkout_id, lambda each: each.version)
    await _queries.project_checkouts(
        tx,
        ids=[row.checkout_id for row in rows],
        link_ids=[row.link_id for row in rows],
        bill_ids=[row.invoice_id for row in rows],
        customer_ids=[row.customer_id for row in rows],
        operator_ids=[row.operator_id for row in rows],
        providers=[row.provider for row in rows],
        refs=[row.reference for row in rows],
        amounts=[row.amount_minor for row in rows],
        currencies=[row.currency for row in rows],
        states=[row.state for row in rows],
        external_ids=[row.external_id for row in rows],
        problems=[row.problem for row in rows],
        created_ats=[row.created_at for row in rows],
        further=["{" + ",".join(map(str, row.further_invoice_ids)) + "}" for row in rows],
        versions=[row.version for row in rows],
    )


async def save_messages(tx: Tx, messages: Sequence[MessageState]) -> None:
    """Write messages as they are now."""
    first = {message.message_id: message.at for message in reversed(messages)}
    rows = newest(messages, lambda each: each.message_id, lambda each: each.version)
    await _queries.project_messages(
        tx,
        ids=[row.message_id for row in rows],
        bill_ids=[row.invoice_id for row in rows],
        customer_ids=[row.customer_id for row in rows],
        operator_ids=[row.operator_id for row in rows],
        bulk_action_ids=[row.bulk_action_id for row in rows],
        templates=[row.template for row in rows],
        languages=[row.language for row in rows],
        mobile_tails=[row.mobile_tail for row in rows],
        states=[row.state for row in rows],
        providers=[row.provider for row in rows],
        gateway_ids=[row.gateway_id for row in rows],
        codes=[row.code for row in rows],
        details=[row.detail for row in rows],
        segments=[row.segments for row in rows],
        costs=[row.cost_minor for row in rows],
        first_ats=[first[row.message_id] for row in rows],
        ats=[row.at for row in rows],
        versions=[row.version for row in rows],
    )


async def save_parked_letters(tx: Tx, letters: Sequence[DeadLetterChanged]) -> None:
    """Write what services could not handle."""
    rows = newest(letters, lambda each: each.letter_id, lambda each: each.version)
    await _queries.project_parked_letters(
        tx,
        ids=[row.letter_id for row in rows],
        services=[row.service for row in rows],
        topics=[row.subject for row in rows],
        partitions=[row.partition for row in rows],
        offsets=[row.offset for row in rows],
        kinds=[row.kind for row in rows],
        handlers=[row.handler for row in rows],
        reasons=[row.reason for row in rows],
        attempts=[row.attempts for row in rows],
        first_seens=[row.first_seen for row in rows],
        states=[row.state for row in rows],
        versions=[row.version for row in rows],
    )


async def save_process_reports(tx: Tx, reports: Sequence[ProcessReported]) -> None:
    """Write what processes said of themselves last."""
    rows = newest(reports, lambda each: each.instance, lambda each: int(each.at.timestamp() * 1_000_000))
    await _queries.project_process_reports(
        tx,
        instances=[row.instance for row in rows],
        processes=[row.process for row in rows],
        reported_ats=[row.at for row in rows],
        reports=[row.model_dump(mode="json") for row in rows],
    )


async def save_sms_gateways(tx: Tx, gateways: Sequence[SmsGatewayChanged]) -> None:
    """Write SMS gateways, as far as they are no secret."""
    rows = newest(gateways, lambda each: each.gateway_id, lambda each: each.version)
    await _queries.project_sms_gateways(
        tx,
        ids=[row.gateway_id for row in rows],
        operator_ids=[row.operator_id for row in rows],
        providers=[row.provider for row in rows],
        priorities=[row.priority for row in rows],
        enabled=[row.enabled for row in rows],
        base_urls=[row.base_url for row in rows],
        settings=[json.dumps(dict(row.settings)) for row in rows],
        secret_sealed_ats=[row.secret_sealed_at for row in rows],
        sending_froms=[row.sending_from for row in rows],
        sending_untils=[row.sending_until for row in rows],
        per_minutes=[row.per_minute for row in rows],
        costs=[row.cost_per_segment_minor for row in rows],
        removed=[row.removed for row in rows],
        changed_bys=[row.changed_by for row in rows],
        changed_ats=[row.changed_at for row in rows],
        versions=[row.version for row in rows],
    )


async def save_sms_templates(tx: Tx, templates: Sequence[SmsTemplateChanged]) -> None:
    """Write operators' own texts."""
    rows = newest(
        templates, lambda each: (each.operator_id, each.template, each.language), lambda each: each.version
    )
    await _queries.project_sms_templates(
        tx,
        operator_ids=[row.operator_id for row in rows],
        templates=[row.template for row in rows],
        languages=[row.language for row in rows],
        words=[row.text for row in rows],
        changed_bys=[row.changed_by for row in rows],
        changed_ats=[row.changed_at for row in rows],
        versions=[row.version for row in rows],
    )


async def save_payment_gateways(tx: Tx, gateways: Sequence[PaymentGatewayChanged]) -> None:
    """Write payment gateways, as far as they are no secret."""
    rows = newest(gateways, lambda each: each.gateway_id, lambda each: each.version)
    await _queries.project_payment_gateways(
        tx,
        ids=[row.gateway_id for row in rows],
        operator_ids=[row.operator_id for row in rows],
        providers=[row.provider for row in rows],
        enabled=[row.enabled for row in rows],
        base_urls=[row.base_url for row in rows],
        minimums=[row.minimum_minor for row in rows],
        maximums=[row.maximum_minor for row in rows],
        unverified=[row.unverified for row in rows],
        removed=[row.removed for row in rows],
        versions=[row.version for row in rows],
    )


async def save_online_settings(tx: Tx, changed: Sequence[OnlineSettingsChanged]) -> None:
    """Write what is done about money that is paid online."""
    settings = max(changed, key=lambda each: each.version)
    await _queries.project_online_settings(tx, **settings.model_dump())


async def save_reminder_rules(tx: Tx, rules: Sequence[ReminderRuleChanged]) -> None:
    """Write when bills are reminded of."""
    rows = newest(rules, lambda each: each.rule_id, lambda each: each.version)
    await _queries.project_reminder_rules(
        tx,
        ids=[row.rule_id for row in rows],
        operator_ids=[row.operator_id for row in rows],
        days=[row.days for row in rows],
        templates=[row.template for row in rows],
        languages=[row.language for row in rows],
        enabled=[row.enabled for row in rows],
        excluded=["{" + ",".join(map(str, row.exclude_operator_ids)) + "}" for row in rows],
        versions=[row.version for row in rows],
    )


async def note_reminder_plans(tx: Tx, plans: Mapping[UUID, RemindersPlanned], now: datetime) -> None:
    """Keep the answers to dry runs of reminders."""
    for operation_id, plan in plans.items():
        await _queries.note_reminder_plan(
            tx,
            operation_id=operation_id,
            rule_id=plan.rule_id,
            day=plan.day,
            total=plan.total,
            reminders=[each.model_dump(mode="json") for each in plan.reminders],
            skipped=plan.skipped,
            now=now,
        )
