-- name: project_parked_letters!
INSERT INTO parked_letter (id, service, topic, partition, "offset", kind, handler, reason, attempts, first_seen,
                           state, version)
SELECT id, service, topic, partition, "offset", kind, handler, reason, attempts, first_seen, state, version
  FROM unnest(:ids::uuid[], :services::text[], :topics::text[], :partitions::integer[], :offsets::bigint[],
              :kinds::text[], :handlers::text[], :reasons::text[], :attempts::bigint[],
              :first_seens::timestamptz[], :states::text[], :versions::bigint[])
    AS t (id, service, topic, partition, "offset", kind, handler, reason, attempts, first_seen, state, version)
 ORDER BY id
ON CONFLICT (id) DO UPDATE
   SET reason = excluded.reason, attempts = excluded.attempts, state = excluded.state, version = excluded.version,
       partition = excluded.partition, "offset" = excluded."offset", kind = excluded.kind
 WHERE parked_letter.version < excluded.version
