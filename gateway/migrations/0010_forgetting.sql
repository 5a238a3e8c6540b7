-- migrate: no-transaction
-- Whether a command still waits; the gateway's own outbox holds nothing but commands.
SET lock_timeout = '5s';
SET statement_timeout = 0;

CREATE INDEX CONCURRENTLY IF NOT EXISTS outbox_by_message ON outbox (message_id);

-- What is blanked once is not looked at again.
CREATE INDEX CONCURRENTLY IF NOT EXISTS operation_with_payload ON operation (created_at)
    WHERE payload IS NOT NULL AND state <> 'pending';
CREATE INDEX CONCURRENTLY IF NOT EXISTS customer_import_chunk_with_payload ON customer_import_chunk (sent_at)
    WHERE payload IS NOT NULL AND created IS NOT NULL;
