"""The gateway translates and never decides: it shows bills, takes wishes, and says what became of them.

Owns   schema `gateway`: users, sessions, API tokens, operations, bulk actions; the read model of bills.
Hears  invoicing.operators, .packages, .customers, .settings, .invoices, .runs; payments.payments, .links,
       .settings; notifications.messages, .settings; documents.files; every service's outcomes and
       processes; gateway.commands (all of it in the projector, a process of its own).
Says   invoicing.commands, payments.commands, notifications.commands, documents.commands, documents.bulk;
       gateway.commands, gateway.processes.
Reads  the blob store, which documents fills.
"""
