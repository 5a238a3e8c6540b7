"""The audit, against databases in which one promise each is broken."""
