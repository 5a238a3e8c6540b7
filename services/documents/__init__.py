"""Documents turns frozen invoices into files: ISP profiles in versions, rendered PDFs.

Owns   schema `documents`. No ISP profile can be set yet, so every rendering is refused.
Hears  documents.commands, documents.bulk.
Says   documents.outcomes.
"""
