"""OpenTelemetry: one trace from a request through the outbox and Kafka to the handlers and providers.

Off unless OTEL_EXPORTER_OTLP_ENDPOINT (or …_TRACES_ENDPOINT) says where spans go; the other variables of
https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/ hold as well. The trace's
id is carried and logged in either case. Spans name routes, topics and hosts: never an address that opens
something, a body or a person, which is why no ready-made instrumentation is loaded.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from types import MappingProxyType
from typing import Any

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import NonRecordingSpan, Span, SpanContext, SpanKind, Status, StatusCode, TraceFlags

from shared import telemetry
from shared.contracts.envelope import Received

MOST_SPANS_A_BATCH = 20
MOST_SECONDS_TO_STOP = 3.0
_ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
_tracer = trace.get_tracer("ispbills")
_NONE: Mapping[str, str] = MappingProxyType({})
# While a batch is handled: the span that each message's trace goes on from.
_onward: ContextVar[Mapping[str, str]] = ContextVar("onward", default=_NONE)


def configure_tracing(process: str) -> bool:
    """Export the spans of this process, when the environment says where to; whether it does."""
    if not any(os.environ.get(name) for name in _ENDPOINTS):
        return False
    # Imported only here: nobody else pays for the exporter.
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    resource = Resource.create({"service.namespace": "ispbills", "service.name": process})
    provider = TracerProvider(resource=resource)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    return True


def stop_tracing() -> None:
    """Export what still waits for its batch; a collector that does not take it soon goes without.

    A process that ends of a signal runs nothing at its exit, so whoever stops it says so.
    """
    provider = trace.get_tracer_provider()
    if isinstance(provider, trace.ProxyTracerProvider):
        return
    # The SDK's own patience is longer than ours with a process that stops, and cannot be set.
    stopping = threading.Thread(target=provider.shutdown, daemon=True)  # type: ignore[attr-defined]
    stopping.start()
    stopping.join(MOST_SECONDS_TO_STOP)


@contextmanager
def span(
    name: str, kind: SpanKind = SpanKind.INTERNAL, parent: str | None = None, **attributes: str | int
) -> Iterator[Span]:
    """Work in a span of the trace that `parent` names, else of the one this task works for."""
    context = _context_of(parent or telemetry.current_traceparent())
    # What an exception says may be about a person; its name is enough.
    opened = _tracer.start_as_current_span(
        name,
        context=context,
        kind=kind,
        attributes=attributes,
        record_exception=False,
        set_status_on_exception=False,
    )
    with opened as current:
        before = telemetry.enter_trace(_traceparent(current) or parent or telemetry.current_traceparent())
        try:
            yield current
        except BaseException as error:
            current.set_status(Status(StatusCode.ERROR, type(error).__name__))
            raise
        finally:
            telemetry.leave_trace(before)


@contextmanager
def handling(subscription: str, messages: Iterable[tuple[str, str | None]]) -> Iterator[None]:
    """A span a message (its type and traceparent) while a batch is handled; what it says goes on from there.

    A batch is one piece of work for up to a thousand traces: the first few get spans, the others' traces go
    on as they came.
    """
    if not is_on():
        yield
        return
    spans: dict[str, Span] = {}
    for kind, parent in messages:
        if parent and parent not in spans and len(spans) < MOST_SPANS_A_BATCH:
            attributes = {"messaging.system": "kafka", "messaging.consumer.group.name": subscription}
            spans[parent] = _tracer.start_span(
                f"process {kind}", context=_context_of(parent), kind=SpanKind.CONSUMER, attributes=attributes
            )
    token = _onward.set({parent: _traceparent(each) or parent for parent, each in spans.items()})
    try:
        yield
    except BaseException as error:
        for each in spans.values():
            each.set_status(Status(StatusCode.ERROR, type(error).__name__))
        raise
    finally:
        _onward.reset(token)
        for each in spans.values():
            each.end()


def onward(traceparent: str | None) -> str | None:
    """Return where the trace of a message that is being handled goes on from."""
    return _onward.get().get(traceparent, traceparent) if traceparent else None


@contextmanager
def working_for(messages: Sequence[Received[Any]]) -> Iterator[None]:
    """Let log lines name a message's command, operator and trace; of several, their number and a trace."""
    before = telemetry.enter_trace(onward(messages[0].envelope.traceparent), partial(_whose, messages))
    try:
        yield
    finally:
        telemetry.leave_trace(before)


def _whose(messages: Sequence[Received[Any]]) -> dict[str, str]:
    if len(messages) > 1:
        return {"messages": str(len(messages))}
    message = messages[0]
    whose = {"command": str(message.envelope.causation_id or message.id)}
    operator = getattr(message.data, "operator_id", None) or getattr(message.data, "scope", None)
    return whose | {"operator": str(operator)} if operator else whose


def note_sent(topic: str, traceparent: str, waited_since: float) -> None:
    """A span for one row of the outbox: from when it was written (seconds since 1970) until it was sent."""
    attributes = {"messaging.system": "kafka", "messaging.destination.name": topic}
    _tracer.start_span(
        f"send {topic}",
        context=_context_of(traceparent),
        kind=SpanKind.PRODUCER,
        attributes=attributes,
        start_time=int(min(waited_since, time.time()) * 1e9),
    ).end()


def is_on() -> bool:
    """Whether spans go anywhere from here."""
    return not isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider)


def _context_of(traceparent: str | None) -> Context | None:
    match = telemetry.TRACEPARENT.match(traceparent or "")
    if match is None:
        return trace.set_span_in_context(trace.INVALID_SPAN)
    remote = SpanContext(
        int(match[1], 16), int(match[2], 16), is_remote=True, trace_flags=TraceFlags(int(match[3], 16))
    )
    return trace.set_span_in_context(NonRecordingSpan(remote))


def _traceparent(current: Span) -> str | None:
    context = current.get_span_context()
    if not context.is_valid:
        return None
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{int(context.trace_flags):02x}"
