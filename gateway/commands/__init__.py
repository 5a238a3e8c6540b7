"""A noun's writes: each opens an operation, loads, checks and submits a command."""
