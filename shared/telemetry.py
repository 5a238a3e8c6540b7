"""Structured logs with trace ids, and the metrics that every process shows.

A trace crosses Kafka in the `traceparent` header (W3C Trace Context, https://www.w3.org/TR/trace-context/).
"""

from __future__ import annotations

import logging
import os
import re
import secrets
import sys
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from typing import Any, NamedTuple, TypeAlias

import structlog
from prometheus_client import Counter, Gauge, Histogram

from shared.redaction import without_secrets

TRACEPARENT = re.compile(r"^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$")

# Shorter than a person notices, up to longer than anybody waits.
_SECONDS = (0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
_PLACE = ["subscription", "topic", "partition"]

RECORDS = Counter("ispbills_records_total", "Records taken from Kafka", ["subscription", "outcome"])
BATCH_SECONDS = Histogram(
    "ispbills_batch_seconds", "Time to handle one batch", ["subscription"], buckets=_SECONDS
)
HANDLER_SECONDS = Histogram(
    "ispbills_handler_seconds",
    "Time of one handler with its part of a batch, before the commit",
    ["subscription", "message", "outcome"],
    buckets=_SECONDS,
)
BACKOFFS = Counter("ispbills_backoffs_total", "Batches tried again after a passing failure", ["subscription"])
LAG = Gauge("ispbills_lag_records", "Records behind the end of the assigned partitions", ["subscription"])
LAG_SECONDS = Gauge(
    "ispbills_lag_seconds", "Age of the oldest record in hand or waiting, 0 without lag", ["subscription"]
)
ESCAPED = Counter("ispbills_escapes_total", "Batches given back, not accounted for", ["subscription"])
SET_ASIDE = Gauge("ispbills_partition_set_aside", "1 while a partition cannot be read", _PLACE)
STUCK = Gauge("ispbills_partition_stuck", "1 while records wait and nothing arrives", _PLACE)
DEAD_LETTERS = Gauge("ispbills_dead_letters_open", "Letters that wait for a person", ["schema", "handler"])
SENT = Counter("ispbills_outbox_sent_total", "Outbox rows acknowledged by Kafka", ["lane"])
OUTBOX_ROWS = Gauge("ispbills_outbox_rows", "Rows that wait for Kafka", ["schema", "lane"])
OUTBOX_SECONDS = Gauge(
    "ispbills_outbox_oldest_seconds", "Age of the oldest row that waits", ["schema", "lane"]
)
TABLE_BYTES = Gauge("ispbills_table_bytes", "Size of the largest tables, with their indexes", ["table"])
FORGOTTEN = Counter("ispbills_rows_forgotten_total", "Rows that were past their term", ["table"])
LEADING = Gauge("ispbills_relay_leading", "1 while this process holds the relay's lease", ["schema"])
LANE_RESTARTS = Counter("ispbills_bulk_lane_restarts_total", "Times the bulk lane was started again")
WORKER_FAILURES = Counter("ispbills_worker_failures_total", "Steps of a worker that failed", ["worker"])
POOL_SIZE = Gauge("ispbills_pool_connections", "Connections to the database", ["state"])
POOL_WAIT_SECONDS = Histogram(
    "ispbills_pool_wait_seconds", "Time to get a connection from the pool", buckets=_SECONDS
)
HTTP_REQUESTS = Counter("ispbills_http_requests_total", "Answers", ["method", "route", "status"])
HTTP_SECONDS = Histogram(
    "ispbills_http_seconds", "Time to the head of an answer", ["method"], buckets=_SECONDS
)
PROVIDER_SECONDS = Histogram(
    "ispbills_provider_seconds", "Time of a call to an outside host", ["host", "outcome"], buckets=_SECONDS
)
RENDER_SECONDS = Histogram(
    "ispbills_render_seconds", "Time to make one document or file", ["kind", "outcome"], buckets=_SECONDS
)
RENDER_FAILURES = Counter("ispbills_render_failures_total", "What came to no file", ["kind", "code"])
RUNS_OPEN = Gauge("ispbills_runs_open", "Billing runs that are not completed")
RUN_CUSTOMERS = Gauge("ispbills_run_customers", "Customers of the open runs", ["state"])
RUN_FAILED = Gauge("ispbills_run_failed_customers", "Customers that failed in the runs of the last 24 hours")


Names: TypeAlias = Callable[[], Mapping[str, str]]


class Worked(NamedTuple):
    """What a task works for: a trace, and what log lines name beside it."""

    traceparent: str | None = None
    names: Names | None = None


_NOBODY = Worked()
_current: ContextVar[Worked] = ContextVar("work", default=_NOBODY)


def current_traceparent() -> str | None:
    """The trace that this task works for, if any."""
    return _current.get().traceparent


def enter_trace(traceparent: str | None, names: Names | None = None) -> Worked:
    """Work on behalf of a trace from here on, a new one where none came along; answers what was before.

    What `names` answers stands in every log line beside the trace's id. It is asked only when a line is
    written: a batch of thousands decides each by itself and rarely says a word.
    """
    before = _current.get()
    if not TRACEPARENT.match(traceparent or ""):
        traceparent = f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"
    _current.set(Worked(traceparent, names or before.names))
    return before


def leave_trace(before: Worked) -> None:
    """Work for whom this task worked before `enter_trace`."""
    _current.set(before)


def with_trace(_logger: Any, _method: str, line: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Let a line name the trace that it is written for, and what that work names (structlog's processor)."""
    work = _current.get()
    named = work.names() if work.names else {}
    if work.traceparent:
        named = {"trace_id": work.traceparent.split("-")[1], **named}
    return {**named, **line}


def _json_lines(steps: Sequence[structlog.typing.Processor]) -> logging.Formatter:
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=steps,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            without_secrets,
            structlog.processors.JSONRenderer(),
        ],
    )


def configure_logging(process: str) -> None:
    """Log JSON lines to stderr, each with the process, the time and the trace, and no secrets."""
    level = logging.getLevelNamesMapping()[os.environ.get("ISPBILLS_LOG_LEVEL", "INFO").upper()]
    shared_steps: list[structlog.typing.Processor] = [
        with_trace,
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
    handler.setFormatter(_json_lines(shared_steps))
    logging.basicConfig(handlers=[handler], level=level, force=True)
    structlog.contextvars.bind_contextvars(process=process)
    # httpx writes whole addresses at INFO, and some providers want their password in one.
    for noisy in ("aiokafka", "uvicorn.access", "faststream", "httpx", "httpcore", "stripe"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
