"""Where calls of others come from, as the spans of this process tell it."""

from __future__ import annotations

from collections.abc import Mapping

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind


def caller(trace_id: str) -> str:
    """The `traceparent` of somebody who asks in a trace of their own."""
    return f"00-{trace_id}-{'d' * 16}-01"


def ways(spans: InMemorySpanExporter) -> dict[str, list[str]]:
    """Each trace's id, and what led to the last call of others in it, the call first."""
    ended = {each.context.span_id: each for each in spans.get_finished_spans()}
    calls = [each for each in ended.values() if each.kind is SpanKind.CLIENT]
    return {f"{call.context.trace_id:032x}": _way(ended, call) for call in calls}


def _way(ended: Mapping[int, ReadableSpan], call: ReadableSpan) -> list[str]:
    before = ended.get(call.parent.span_id) if call.parent else None
    return [call.name, *(_way(ended, before) if before else ())]
