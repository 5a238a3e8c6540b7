"""Payments is the one authority on money: what came in, what it settles, what is left.

Owns   schema `payments`: accounts, receivables, payments, allocations, refunds, held money, partners.
Hears  payments.commands, invoicing.invoices, invoicing.customers, invoicing.operators, invoicing.settings,
       partner.*.payments.
Says   payments.payments, payments.settings, payments.outcomes, partner.*.receipts.
"""
