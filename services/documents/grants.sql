-- What the login role `documents` may do, and nothing else: `ispbills migrate` takes everything away and gives this.
-- A new table, column or statement is declared here; tests/architecture/test_statements.py says what is missing.

GRANT SELECT, INSERT, UPDATE (time_zone, currency, version) ON billing_settings TO documents;
-- FOR UPDATE asks for the right to change any one column.
GRANT SELECT, INSERT, UPDATE (blob_key), DELETE ON bulk_file TO documents;
GRANT SELECT, INSERT, UPDATE (size_bytes, sha256, crc32, pages, picture, as_of, used_at, customer_id), DELETE ON
    file TO documents;
-- Profiles are versions: a new one is added, none is changed.
GRANT SELECT, INSERT ON isp_profile TO documents;
GRANT SELECT, INSERT, UPDATE (name, path, version) ON operator TO documents;
GRANT SELECT, INSERT, UPDATE (attempts, not_before, holder, lease_until), DELETE ON rendering TO documents;
GRANT SELECT, INSERT, DELETE ON republish TO documents;

-- What the promises of `ispbills audit` are about, for the role `auditor`, which changes nothing.
GRANT SELECT (id, value) ON dead_letter TO auditor;
GRANT SELECT (customer_id) ON erased_customer TO auditor;
GRANT SELECT (blob_key, used_at, customer_id) ON file TO auditor;
GRANT SELECT (message_id) ON inbox TO auditor;
GRANT SELECT (id, topic, causation_id, occurred_at) ON outbox TO auditor;
GRANT SELECT (topic, partition, handler, "offset", reason, first_seen, closed_at) ON partition_set_aside TO auditor;
GRANT SELECT (document_id, command_id) ON rendering TO auditor;
