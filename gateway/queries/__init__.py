"""A noun's reads, for API, pages and portal alike.

Every function takes a transaction of `store.access.acting_as`; what is out of reach is not there (404).
"""
