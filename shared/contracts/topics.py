"""Every topic of the installation: partitions and how long a record is kept. Nothing is auto-created."""

from __future__ import annotations

from dataclasses import dataclass

DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic as `ispbills migrate` makes it.

    Where others write, the broker stamps the records: it forgets them by their times, and one that a partner
    stamped with the day of an old payment would be gone before it is read.
    """

    name: str
    partitions: int = 12
    retention_ms: int = 14 * DAY_MS
    is_written_by_others: bool = False


TOPICS = tuple(
    Topic(name)
    for name in (
        "invoicing.operators",
        "invoicing.packages",
        "invoicing.customers",
        "invoicing.invoices",
        "invoicing.runs",
        "invoicing.commands",
        "invoicing.settings",
        "invoicing.outcomes",
        "payments.payments",
        "payments.links",
        "payments.commands",
        "payments.settings",
        "payments.outcomes",
        "notifications.commands",
        "notifications.messages",
        "notifications.settings",
        "notifications.outcomes",
        "documents.commands",
        "documents.bulk",
        "documents.files",
        "documents.settings",
        "documents.outcomes",
        "gateway.commands",
    )
) + tuple(
    # What a process said yesterday tells nobody anything.
    Topic(f"{service}.processes", partitions=1, retention_ms=DAY_MS)
    for service in ("invoicing", "payments", "notifications", "documents", "gateway")
)


def topic_named(name: str) -> Topic:
    """Return one of `TOPICS`."""
    return next(topic for topic in TOPICS if topic.name == name)


def partner_topics(name: str) -> tuple[Topic, Topic]:
    """The two topics of one partner: what it says, and our receipts."""
    return (
        Topic(f"partner.{name}.payments", retention_ms=30 * DAY_MS, is_written_by_others=True),
        Topic(f"partner.{name}.receipts", retention_ms=30 * DAY_MS),
    )
