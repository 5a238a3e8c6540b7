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

-- name: measure_runs^
-- A dry run bills nobody: it may stand in the way of nothing and wakes nobody. Whoever failed was looked at again by
-- a later run of the same month that left none of them out, and failed there or not.
SELECT count(*) FILTER (WHERE state <> 'completed') AS open,
       coalesce(sum(expected) FILTER (WHERE state <> 'completed'), 0)::bigint AS expected,
       coalesce(sum(created + already_billed + failed
                    + (SELECT coalesce(sum(each.value::bigint), 0) FROM jsonb_each_text(run.skipped) AS each))
                FILTER (WHERE state <> 'completed'), 0)::bigint AS done,
       coalesce(sum(failed)
                FILTER (WHERE started_at > :since AND NOT EXISTS (
                        SELECT
                          FROM run AS later
                         WHERE later.period = run.period AND later.started_at > run.started_at
                           AND later.state = 'completed' AND NOT later.dry_run
                           AND later.joined_by >= run.joined_by
                           AND (later.operator_id IS NULL OR later.operator_id IN (
                                SELECT unnest(operator.path) FROM operator WHERE operator.id = run.operator_id))
                           AND coalesce(later.package_id = run.package_id, later.package_id IS NULL)
                           AND coalesce(later.customer_id = run.customer_id, later.customer_id IS NULL))),
                0)::bigint AS failed
  FROM run
 WHERE NOT dry_run AND (state <> 'completed' OR started_at > :since)

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
-- The customers are frozen here: who is there now gets an outcome, wherever they move until their turn. A
-- chunk holds as many whether they belong to one operator or to hundreds; those that begin with one operator
-- take turns with the others', so that two workers seldom want the same counter.
WITH scope AS (
  SELECT customer.operator_id, customer.id,
         (row_number() OVER (ORDER BY customer.operator_id, customer.id) - 1) / :customers_a_chunk::bigint AS place
    FROM customer
    JOIN operator ON operator.id = customer.operator_id
   WHERE (:operator_id::uuid IS NULL OR operator.path @> ARRAY[:operator_id::uuid])
     AND (:package_id::uuid IS NULL OR customer.package_id = :package_id)
     AND (:customer_id::uuid IS NULL OR customer.id = :customer_id)
), piece AS (
  SELECT scope.place, array_agg(scope.id) AS customer_ids, array_agg(DISTINCT scope.operator_id) AS operator_ids
    FROM scope
   GROUP BY scope.place
), turn AS (
  SELECT piece.customer_ids, piece.operator_ids, piece.place,
         row_number() OVER (PARTITION BY piece.operator_ids[1] ORDER BY piece.place) AS turn
    FROM piece
), planned AS (
  INSERT INTO run_chunk (run_id, position, customer_ids, operator_ids, expected)
  SELECT :run_id, row_number() OVER (ORDER BY turn.turn, turn.place), turn.customer_ids, turn.operator_ids,
         cardinality(turn.customer_ids)
    FROM turn
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
-- One customer asked for at the desk does not wait behind a million of a month, nor, like a dry run, which says
-- no invoice, for those to go out.
SELECT chunk.run_id, chunk.position, chunk.operator_ids,
       cardinality(coalesce(chunk.left_ids, chunk.customer_ids)) AS customers,
       run.period, run.dry_run, run.joined_by, run.currency, run.total_minor,
       run.customer_id IS NOT NULL AS for_one_customer
  FROM run
  JOIN run_chunk AS chunk ON chunk.run_id = run.id AND NOT chunk.done
 WHERE run.state = 'running'
   AND (NOT :is_lane_full::boolean OR run.customer_id IS NOT NULL OR run.dry_run)
 ORDER BY run.customer_id IS NULL, run.started_at, run.id, chunk.position
 LIMIT 1
   FOR UPDATE OF chunk SKIP LOCKED

-- name: plan_for_a_chunk!
-- A run comes right after an import or on the first of a month: no statistics can be trusted to tell the
-- planner that a chunk is small, nor that its packages may be as many as its customers.
SELECT set_config('enable_seqscan', 'off', TRUE), set_config('enable_nestloop', 'off', TRUE)

-- name: customer_of_chunk^
SELECT customer.id, customer.code
  FROM run_chunk AS chunk
  JOIN customer ON customer.id = (coalesce(chunk.left_ids, chunk.customer_ids))[:place::integer]
 WHERE chunk.run_id = :run_id AND chunk.position = :position

-- name: finish_chunk!
UPDATE run_chunk
   SET done = TRUE
 WHERE run_id = :run_id AND position = :position

-- name: leave_chunk_open!
-- Who changed operator since the plan waits for the next pass, which locks the counters of where they are now.
UPDATE run_chunk
   SET left_ids = :customer_ids,
       operator_ids = ARRAY(SELECT DISTINCT customer.operator_id
                              FROM customer
                             WHERE customer.id = ANY(:customer_ids::uuid[]))
 WHERE run_id = :run_id AND position = :position

-- name: add_to_run^
-- The last statement of a chunk: the row is locked from here to the commit, which orders the versions.
UPDATE run
   SET created = run.created + :created,
       already_billed = run.already_billed + :already_billed,
       failed = run.failed + :failed,
       total_minor = run.total_minor + :total_minor,
       skipped = (SELECT coalesce(jsonb_object_agg(part.reason, part.customers), '{}')
                    FROM (SELECT each.key AS reason, sum(each.value::bigint)::bigint AS customers
                            FROM (SELECT * FROM jsonb_each_text(run.skipped)
                                   UNION ALL
                                  SELECT * FROM jsonb_each_text(:skipped::jsonb)) AS each
                           GROUP BY each.key) AS part),
       chunks_open = run.chunks_open - :chunks_done,
       state = CASE WHEN run.chunks_open = :chunks_done::bigint THEN 'completed' ELSE run.state END,
       completed_at = CASE WHEN run.chunks_open = :chunks_done THEN :now::timestamptz END,
       version = run.version + 1,
       said_at = CASE WHEN :has_entries OR run.chunks_open = :chunks_done OR run.said_at <= :said_before
                      THEN :now ELSE run.said_at END
 WHERE id = :run_id
RETURNING run.said_at = :now AS is_said
