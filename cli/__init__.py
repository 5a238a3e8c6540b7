"""The `ispbills` command: one module per group of commands, nothing but calls."""
