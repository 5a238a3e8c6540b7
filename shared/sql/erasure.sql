-- name: note_erased!
-- Said again it changes nothing: what the schema held then is gone or being looked for.
INSERT INTO erased_customer (customer_id, code, erased_at, look_at)
SELECT heard.customer_id, heard.code, heard.erased_at, clock_timestamp()
  FROM unnest(:customer_ids::uuid[], :codes::text[], :erased_ats::timestamptz[])
       AS heard (customer_id, code, erased_at)
 ORDER BY heard.customer_id
    ON CONFLICT (customer_id) DO NOTHING

-- name: wait_for_erasures!
-- Shared by whoever takes in what may be of an erased customer: who looks and finds nobody has what it takes in
-- committed before the tombstone is, and what the worker then looks for is all there is.
SELECT pg_advisory_xact_lock_shared(7326401, hashtext(current_schema()))

-- name: hold_back_what_comes!
SELECT pg_advisory_xact_lock(7326401, hashtext(current_schema()))

-- name: erased_among
SELECT customer_id
  FROM erased_customer
 WHERE customer_id = ANY(:customer_ids::uuid[])

-- name: look_again!
-- Something of theirs came in: an order of locks, as several batches may bring it.
UPDATE erased_customer AS erased
   SET look_at = clock_timestamp()
  FROM (SELECT customer_id
          FROM erased_customer
         WHERE customer_id = ANY(:customer_ids::uuid[])
         ORDER BY customer_id
           FOR UPDATE) AS theirs
 WHERE erased.customer_id = theirs.customer_id

-- name: to_look_at
-- Real time on purpose: a look is about what processes do, not about billing.
SELECT customer_id, code, erased_at, look_at
  FROM erased_customer
 WHERE look_at <= clock_timestamp()
 ORDER BY look_at
 LIMIT :most

-- name: looked_at!
-- Whatever came in while somebody looked has asked for another look.
UPDATE erased_customer
   SET look_at = CASE WHEN :again_in::interval IS NULL THEN NULL ELSE clock_timestamp() + :again_in END
 WHERE customer_id = :customer_id AND look_at = :seen

-- name: forget_ends!
-- Found by what they say: no index knows whom an answer is about, and erasing is rare. A command that comes again
-- is still answered, with no more than how it ended.
UPDATE command_end
   SET topic = current_schema() || '.outcomes', key = command_id::text,
       type = CASE type WHEN 'command.refused.v1' THEN type ELSE 'command.completed.v1' END,
       payload = jsonb_strip_nulls(jsonb_build_object(
           'service', current_schema(), 'subject', command_id, 'extra', '{}'::jsonb,
           'code', CASE type WHEN 'command.refused.v1' THEN payload::jsonb ->> 'code' END,
           'detail', CASE type WHEN 'command.refused.v1' THEN 'The customer was erased.' END))::text
 WHERE key = :customer_id::uuid::text
    OR position(:customer_id::uuid::text IN payload) > 0
    OR position('"code":"' || :code || '"' IN payload) > 0

-- name: forget_closed_letters!
UPDATE dead_letter
   SET key = NULL, value = NULL, headers = '[]'
 WHERE closed_at IS NOT NULL AND value IS NOT NULL
   AND (position(convert_to(:customer_id::uuid::text, 'UTF8') IN value) > 0
        OR position(convert_to('"' || :code || '"', 'UTF8') IN value) > 0)

-- name: has_open_letters$
-- Money or a command may be in it: a person redrives it or discards it.
SELECT EXISTS (
  SELECT FROM dead_letter
   WHERE closed_at IS NULL AND value IS NOT NULL
     AND (position(convert_to(:customer_id::uuid::text, 'UTF8') IN value) > 0
          OR position(convert_to('"' || :code || '"', 'UTF8') IN value) > 0))
