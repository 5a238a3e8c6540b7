-- name: queue_renderings!
-- The same document under two commands is one document: the first stands.
INSERT INTO rendering (document_id, kind, command_id, envelope, command, lane, bulk_action_id, position,
                       not_before, give_up_at)
SELECT queued.document_id, queued.kind, queued.command_id, queued.envelope, queued.command, queued.lane,
       queued.bulk_action_id, queued.position, clock_timestamp(),
       clock_timestamp() + make_interval(secs => queued.patience_seconds)
  FROM unnest(:document_ids::uuid[], :kinds::text[], :command_ids::uuid[], :envelopes::jsonb[],
              :commands::jsonb[], :lanes::smallint[], :bulk_action_ids::uuid[], :positions::bigint[],
              :patience_seconds::double precision[])
       AS queued (document_id, kind, command_id, envelope, command, lane, bulk_action_id, position,
                  patience_seconds)
    ON CONFLICT (document_id) DO NOTHING

-- name: claim_rendering^
-- Real time on purpose: a lease is about processes, not about billing. What a person waits for comes first;
-- a bulk action's documents come in their order, so that its file can be streamed while it is made.
UPDATE rendering
   SET holder = :holder, lease_until = clock_timestamp() + make_interval(secs => :lease_seconds),
       attempts = attempts + 1
 WHERE document_id = (
       SELECT next.document_id
         FROM rendering AS next
        WHERE next.not_before <= clock_timestamp()
          AND (next.lease_until IS NULL OR next.lease_until < clock_timestamp())
        ORDER BY next.lane, next.bulk_action_id, next.position, next.not_before
        LIMIT 1
          FOR UPDATE SKIP LOCKED)
RETURNING document_id, kind, envelope, command, attempts, give_up_at < clock_timestamp() AS is_late

-- name: extend_lease$
UPDATE rendering
   SET lease_until = clock_timestamp() + make_interval(secs => :lease_seconds)
 WHERE document_id = :document_id AND holder = :holder
RETURNING TRUE

-- name: release_rendering!
UPDATE rendering
   SET holder = NULL, lease_until = NULL, attempts = :attempts,
       not_before = clock_timestamp() + make_interval(secs => :pause_seconds)
 WHERE document_id = :document_id AND holder = :holder

-- name: end_rendering$
-- Nothing, when the lease was lost and somebody else has ended it, or will.
DELETE FROM rendering
 WHERE document_id = :document_id AND holder = :holder
RETURNING TRUE
