"""Notifications takes messages to customers: SMS gateways, templates, messages and their delivery.

Owns   schema `notifications`: gateways, templates, messages, each attempt to send one. Keys and texts are
       sealed; nothing but this service opens them.
Hears  notifications.commands; invoicing.operators, invoicing.settings (the tree, the zone),
       invoicing.customers (who was erased); over HTTP the delivery reports of providers.
Says   notifications.messages, notifications.settings, notifications.outcomes,
       notifications.processes.
"""
