-- What the login role `notifications` may do, and nothing else: `ispbills migrate` takes everything away and gives this.
-- A new table, column or statement is declared here; tests/architecture/test_statements.py says what is missing.

