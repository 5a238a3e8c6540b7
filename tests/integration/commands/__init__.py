"""Every command of the contracts, sent twice."""
