"""Payments is the one authority on money: what came in, what it settles, what is left.

Owns   schema `payments`: accounts, receivables, payments, allocations, refunds, held money, partners, closed
       days; links, payment gateways and their secrets, checkouts, callbacks, reminders. `public` is what
       customers and providers reach.
Hears  payments.commands, invoicing.invoices, invoicing.customers, invoicing.operators, invoicing.settings,
       documents.settings, partner.*.payments.
Says   payments.payments, payments.links, payments.settings, payments.outcomes, payments.processes,
       notifications.commands, partner.*.receipts.
"""
