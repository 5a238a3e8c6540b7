"""Notifications takes messages to customers: SMS gateways, templates, delivery.

Owns   schema `notifications`. No SMS gateway can be configured yet, so every message is refused.
Hears  notifications.commands.
Says   notifications.outcomes.
"""
