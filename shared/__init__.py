"""The plumbing every service stands on: contracts, transactions, inbox, outbox, consumer, dead letters.

Nothing here knows a billing noun except `money` and `contracts`.
"""
