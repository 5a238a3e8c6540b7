-- name: add_run$
-- One automatic run a period, whichever replica is first; a command that comes again changes nothing.
INSERT INTO run (id, kind, period, operator_id, package_id, customer_id, dry_run, joined_by, currency,
                 requested_by, started_at, said_at)
VALUES (:id, :kind, :period, :operator_id, :package_id, :customer_id, :dry_run, :joined_by, :currency,
        :requested_by, :now, :now)
    ON CONFLICT DO NOTHING
RETURNING id

-- name: run^
SELECT id, kind, state, period, operator_id, package_id, customer_id, dry_run, expected, created,
       already_billed, skipped, failed, total_minor, currency, requested_by, started_at, completed_at, version
  FROM run
 WHERE id = :id

-- name: recent_runs
SELECT id, kind, state, period, operator_id, package_id, customer_id, dry_run, expected, created,
       already_billed, skipped, failed, total_minor, currency, requested_by, started_at, completed_at, version
  FROM run
 ORDER BY started_at DESC
 LIMIT :most

-- name: has_automatic_run$
SELECT EXISTS (SELECT 1 FROM run WHERE period = :period AND kind = 'automatic')

-- name: say_run$
-- Every message of a run is built here, so that the customers it did not bill never pass through Python.
WITH message AS (
  SELECT run.id, run.version, run.state,
         json_build_object(
           'run_id', run.id, 'kind', run.kind, 'state', run.state, 'period', run.period,
           'operator_id', run.operator_id, 'package_id', run.package_id, 'customer_id', run.customer_id,
           'dry_run', run.dry_run, 'expected', run.expected, 'created', run.created,
           'already_billed', run.already_billed, 'skipped', run.skipped, 'failed', run.failed,
           'total_minor', run.total_minor, 'currency', run.currency,
           'entries', coalesce(:entries::text, '[]')::json,
           'requested_by', run.requested_by,
           'started_at', to_char(run.started_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
           'completed_at', to_char(run.completed_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
           'version', run.version)::text AS payload
    FROM run
   WHERE run.id = :run_id
), kept AS (
  INSERT INTO run_said (run_id, version, payload)
  SELECT message.id, message.version, message.payload
    FROM message
   WHERE :entries::text IS NOT NULL OR message.state = 'completed'
      ON CONFLICT DO NOTHING
)
INSERT INTO outbox (lane, topic, key, type, payload, causation_id, traceparent, occurred_at)
SELECT :lane, :topic, message.id::text, :type, message.payload, :causation_id, :traceparent, :now
  FROM message
RETURNING id

-- name: is_run_open$
SELECT EXISTS (SELECT 1 FROM run WHERE state <> 'completed')

-- name: next_pending_run^
SELECT run.id, run.kind, run.period, run.operator_id, run.package_id, run.customer_id
  FROM run
 WHERE run.state = 'pending'
 ORDER BY run.customer_id IS NULL, run.started_at
 LIMIT 1
   FOR UPDATE SKIP LOCKED

-- name: plan_run^
-- Chunks of different operators take turns, so that two workers seldom want the same counter. Only the
-- first and the last customer of each chunk are gathered: a million pass through the window alone.
WITH scope AS (
  SELECT customer.operator_id, customer.id,
         row_number() OVER (PARTITION BY customer.operator_id ORDER BY customer.id) AS place,
         count(*) OVER (PARTITION BY customer.operator_id) AS customers
    FROM customer
    JOIN operator ON operator.id = customer.operator_id
   WHERE (:operator_id::uuid IS NULL OR operator.path @> ARRAY[:operator_id::uuid])
     AND (:package_id::uuid IS NULL OR customer.package_id = :package_id)
     AND (:customer_id::uuid IS NULL OR customer.id = :customer_id)
), piece AS (
  SELECT scope.operator_id, (scope.place - 1) / :customers_a_chunk::bigint AS turn,
         (array_agg(scope.id ORDER BY scope.place))[1] AS first_id,
         (array_agg(scope.id ORDER BY scope.place DESC))[1] AS last_id,
         max(scope.place) - min(scope.place) + 1 AS expected
    FROM scope
   WHERE (scope.place - 1) % :customers_a_chunk = 0
      OR scope.place % :customers_a_chunk = 0
      OR scope.place = scope.customers
   GROUP BY 1, 2
), planned AS (
  INSERT INTO run_chunk (run_id, position, operator_id, first_id, last_id, expected)
  SELECT :run_id, row_number() OVER (ORDER BY piece.turn, piece.operator_id), piece.operator_id,
         piece.first_id, piece.last_id, piece.expected
    FROM piece
  RETURNING expected
)
SELECT count(*) AS chunks, coalesce(sum(planned.expected), 0)::bigint AS expected
  FROM planned

-- name: begin_run!
UPDATE run
   SET state = CASE WHEN :chunks::bigint = 0 THEN 'completed' ELSE 'running' END,
       completed_at = CASE WHEN :chunks::bigint = 0 THEN :now::timestamptz END,
       chunks_open = :chunks, expected = :expected, version = version + 1, said_at = :now
 WHERE id = :run_id

-- name: claim_chunk^
-- One customer asked for at the desk does not wait behind a million of a month.
SELECT chunk.run_id, chunk.position, chunk.operator_id, chunk.first_id, chunk.last_id, chunk.expected,
       run.period, run.package_id, run.dry_run, run.joined_by, run.currency,
       run.customer_id IS NOT NULL AS for_one_customer
  FROM run
  JOIN run_chunk AS chunk ON chunk.run_id = run.id AND NOT chunk.done
 WHERE run.state = 'running'
 ORDER BY run.customer_id IS NULL, run.started_at, run.id, chunk.position
 LIMIT 1
   FOR UPDATE OF chunk SKIP LOCKED

-- name: plan_by_index!
-- A run comes right after an import or on the first of a month: no statistics can be trusted to tell the
-- planner that a chunk is small.
SET LOCAL enable_seqscan = off

-- name: customers_of_chunk
SELECT customer.id, customer.code
  FROM customer
 WHERE (customer.operator_id, customer.id) >= (:operator_id::uuid, :first_id::uuid)
   AND (customer.operator_id, customer.id) <= (:operator_id::uuid, :last_id::uuid)
   AND (:package_id::uuid IS NULL OR customer.package_id = :package_id)
 ORDER BY customer.id

-- name: finish_chunk!
UPDATE run_chunk
   SET done = TRUE
 WHERE run_id = :run_id AND position = :position

-- name: add_to_run^
-- The last statement of a chunk: the row is locked from here to the commit, which orders the versions.
UPDATE run
   SET expected = run.expected + :surplus,
       created = run.created + :created,
       already_billed = run.already_billed + :already_billed,
       failed = run.failed + :failed,
       total_minor = run.total_minor + :total_minor,
       skipped = (SELECT coalesce(jsonb_object_agg(part.reason, part.customers), '{}')
                    FROM (SELECT each.key AS reason, sum(each.value::bigint)::bigint AS customers
                            FROM (SELECT * FROM jsonb_each_text(run.skipped)
                                   UNION ALL
                                  SELECT * FROM jsonb_each_text(:skipped::jsonb)) AS each
                           GROUP BY each.key) AS part),
       chunks_open = run.chunks_open - 1,
       state = CASE WHEN run.chunks_open = 1 THEN 'completed' ELSE run.state END,
       completed_at = CASE WHEN run.chunks_open = 1 THEN :now::timestamptz END,
       version = run.version + 1,
       said_at = CASE WHEN :has_entries OR run.chunks_open = 1 OR run.said_at <= :said_before
                      THEN :now ELSE run.said_at END
 WHERE id = :run_id
RETURNING run.said_at = :now AS is_said
