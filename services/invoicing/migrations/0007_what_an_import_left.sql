-- What an import made of a customer: taken back is a field that still says so, and no other.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

-- Null for a customer whom the import made, and for imports of before.
ALTER TABLE import_change ADD COLUMN after jsonb;
