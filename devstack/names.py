"""The names of what the stack runs; PORTS in the order of their numbers."""

SERVICES = ("gateway", "payments", "invoicing", "notifications", "documents", "projector")
STORES = ("postgres", "kafka")
PROCESSES = (*STORES, "invoicing", "payments", "notifications", "documents", "gateway", "projector")
# The login role that audits; it is no process of its own.
AUDITOR = "auditor"
PORTS = (*SERVICES, *STORES, "kafka-controller", "kafka-services", "kafka-partners")

# In the environment of everything that the stack starts, with its state directory: how leftovers are found.
MARK = "ISPBILLS_SUPERVISED"
