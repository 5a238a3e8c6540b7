-- A chunk names its customers, so that one who changes operator during the run keeps their place in it, and
-- may hold those of many small operators.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

ALTER TABLE run_chunk
    ADD COLUMN customer_ids uuid[] NOT NULL DEFAULT '{}',
    -- Where the customers were when they were last looked at: whose counters the chunk locks.
    ADD COLUMN operator_ids uuid[] NOT NULL DEFAULT '{}',
    -- Of the customers, those who had changed operator when the chunk was billed; null before.
    ADD COLUMN left_ids uuid[];

-- Random enough that compressing them only costs time.
ALTER TABLE run_chunk
    ALTER COLUMN customer_ids SET STORAGE EXTERNAL,
    ALTER COLUMN left_ids SET STORAGE EXTERNAL;

UPDATE run_chunk AS chunk
   SET operator_ids = ARRAY[chunk.operator_id],
       customer_ids = ARRAY(
         SELECT customer.id
           FROM customer
          WHERE (customer.operator_id, customer.id) >= (chunk.operator_id, chunk.first_id)
            AND (customer.operator_id, customer.id) <= (chunk.operator_id, chunk.last_id)
            AND (run.package_id IS NULL OR customer.package_id = run.package_id)
          ORDER BY customer.id)
  FROM run
 WHERE run.id = chunk.run_id AND NOT chunk.done;

-- squawk-ignore ban-drop-column
ALTER TABLE run_chunk DROP COLUMN operator_id, DROP COLUMN first_id, DROP COLUMN last_id;

-- What a message, and a reader's bigint, can hold. Checked as rows change; no run came near it.
ALTER TABLE run
    ADD CONSTRAINT run_total_is_an_amount CHECK (total_minor <= 9007199254740991) NOT VALID;
