"""Structured logs with trace ids, and the metrics that every process shows.

A trace crosses Kafka in the `traceparent` header (W3C Trace Context, https://www.w3.org/TR/trace-context/).
"""

from __future__ import annotations

import logging
import os
import re
import secrets
import sys
from contextvars import ContextVar

import structlog
from prometheus_client import Counter, Gauge, Histogram

_TRACEPARENT = re.compile(r"^00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$")
_current: ContextVar[str | None] = ContextVar("traceparent", default=None)

RECORDS = Counter("ispbills_records_total", "Records taken from Kafka", ["subscription", "outcome"])
BATCH_SECONDS = Histogram("ispbills_batch_seconds", "Time to handle one batch", ["subscription"])
BACKOFFS = Counter("ispbills_backoffs_total", "Batches tried again after a passing failure", ["subscription"])
LAG = Gauge("ispbills_lag_records", "Records behind the end of the assigned partitions", ["subscription"])
ESCAPED = Counter("ispbills_escapes_total", "Batches given back, not accounted for", ["subscription"])
_PLACE = ["subscription", "topic", "partition"]
SET_ASIDE = Gauge("ispbills_partition_set_aside", "1 while a partition cannot be read", _PLACE)
STUCK = Gauge("ispbills_partition_stuck", "1 while records wait and nothing arrives", _PLACE)
SENT = Counter("ispbills_outbox_sent_total", "Outbox rows acknowledged by Kafka", ["lane"])
TABLE_BYTES = Gauge("ispbills_table_bytes", "Size of the largest tables, with their indexes", ["table"])
FORGOTTEN = Counter("ispbills_rows_forgotten_total", "Rows that were past their term", ["table"])
LEADING = Gauge("ispbills_relay_leading", "1 while this process holds the relay's lease")


def current_traceparent() -> str | None:
    """The trace that this task works for, if any."""
    return _current.get()


def enter_trace(traceparent: str | None) -> str:
    """Work on behalf of a trace from here on, a new one where none came along."""
    match = _TRACEPARENT.match(traceparent or "")
    trace_id = match.group(1) if match else secrets.token_hex(16)
    value = f"00-{trace_id}-{secrets.token_hex(8)}-01"
    _current.set(value)
    structlog.contextvars.bind_contextvars(trace_id=trace_id)
    return value


def configure_logging(process: str) -> None:
    """Log JSON lines to stderr, each with the process, the time and the trace."""
    level = logging.getLevelNamesMapping()[os.environ.get("ISPBILLS_LOG_LEVEL", "INFO").upper()]
    shared_steps: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared_steps, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared_steps,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=level, force=True)
    structlog.contextvars.bind_contextvars(process=process)
    for noisy in ("aiokafka", "uvicorn.access", "faststream"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
