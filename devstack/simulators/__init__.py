"""Providers that are not there: each speaks its protocol, with its traps as switches.

They serve the tests, and whoever wants to try a provider without an account:
`python -m devstack.simulators bkash|sslcommerz|stripe [--port N]`, and for messages
`python -m devstack.simulators.sms`.
"""
