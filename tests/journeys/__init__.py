"""What people and machines do to a whole stack of real processes; after each, the audit is clean."""
