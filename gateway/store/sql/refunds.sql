-- name: refund_by_id^
SELECT id, customer_id, amount_minor, reason, refunded_by, refunded_at FROM refund WHERE id = :id
