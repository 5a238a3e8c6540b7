-- name: waits_for_kafka$
SELECT EXISTS (SELECT FROM outbox WHERE lane = :lane AND key = :key)
