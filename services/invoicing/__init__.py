"""Invoicing knows who is a customer, what a month costs them, and issues the invoice for it.

Owns   schema `invoicing`: billing settings, operators, packages, customers and their imports, invoices,
       numbering, runs.
Hears  invoicing.commands; payments.payments, so that a paid invoice is not voided.
Says   invoicing.operators, invoicing.packages, invoicing.customers, invoicing.invoices, invoicing.runs,
       invoicing.settings, invoicing.outcomes, invoicing.processes.
"""
