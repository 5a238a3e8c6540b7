"""The embedded stack: Postgres, Kafka and the six processes on one machine, with nothing but Python and Java.

Owns   the state directory: ports, secrets, the moved clock, data and logs.
Starts postgres, kafka, invoicing, payments, notifications, documents, gateway, projector.
"""
