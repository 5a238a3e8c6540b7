"""The names of what the stack runs, in the order of their ports."""

SERVICES = ("gateway", "payments", "invoicing", "notifications", "documents", "projector")
STORES = ("postgres", "kafka")
PROCESSES = (*STORES, "invoicing", "payments", "notifications", "documents", "gateway", "projector")
PORTS = (*SERVICES, *STORES, "kafka-controller")
