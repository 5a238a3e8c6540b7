-- name: origin_of_bill^
-- How a bill came to be: when, in which run, at whose wish, in whose place.
SELECT bill.issued_at, bill.period, bill.run_id, bill.reissue_of, run.kind AS run_kind, run.requested_by
  FROM bill
  LEFT JOIN run ON run.id = bill.run_id
 WHERE bill.id = :bill_id

-- name: operator_path
-- From the top of the caller's reach down to the operator.
SELECT above.id, above.name
  FROM operator AS own
  JOIN operator AS above ON above.id = ANY (own.path)
 WHERE own.id = :operator_id
   AND (:reach::uuid[] IS NULL OR above.id = ANY (:reach::uuid[]))
 ORDER BY cardinality(above.path)
