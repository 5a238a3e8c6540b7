-- migrate: no-transaction
-- 00123 and 123, C-1 and c-1: what spreadsheets and people make of one code.
SET lock_timeout = '5s';
SET statement_timeout = 0;

CREATE INDEX CONCURRENTLY IF NOT EXISTS customer_by_code_key ON customer (ltrim(lower(code), '0'));
