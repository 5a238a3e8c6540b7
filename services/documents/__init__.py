"""Documents turns frozen invoices, payments and accounts into files, under the letterhead of an ISP profile.

Owns   schema `documents`: ISP profiles in versions, the line of renderings, the files that were made;
       in the blob store everything but `incoming/`. It keeps no copy of invoices.
Hears  documents.commands, documents.bulk; invoicing.operators, invoicing.settings (the tree, the zone),
       invoicing.customers (who was erased).
Says   documents.files, documents.settings, documents.outcomes, documents.processes.
"""
