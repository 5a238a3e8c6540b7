"""What travels between services: frozen, versioned messages that name their own topic.

Contracts change by addition only; `tests/unit/shared/contracts/golden` proves that the last release parses.
"""
