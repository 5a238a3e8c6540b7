-- name: activity
-- Ids tell their time: the youngest first is the greatest first. Who looks at a document changes nothing. What an
-- entry is about is looked up by its subject, for the bytes of a command are forgotten after a month; of a subject
-- out of reach nothing is named.
WITH entry AS (
    SELECT operation.id, operation.kind, operation.subject_id, operation.caller, operation.state, operation.problem,
           operation.facts, operation.created_at, operation.operator_id, operation.payload::jsonb AS command
      FROM operation
     WHERE (:top::uuid IS NULL OR operation.operator_id = :top
            OR operation.operator_id IN (SELECT id FROM operator WHERE path @> ARRAY[:top::uuid]))
       AND operation.kind <> 'document'
       AND (:callers::text[] IS NULL OR operation.caller = ANY (:callers::text[]))
       AND (:kinds::text[] IS NULL OR operation.kind = ANY (:kinds::text[]))
       AND (:after::uuid IS NULL OR operation.id < :after)
     ORDER BY operation.id DESC
     LIMIT :limit
)
SELECT entry.id, entry.kind, entry.subject_id, entry.caller, entry.state, entry.problem, entry.facts,
       entry.created_at, entry.command, person.name AS person_name, person.email AS person_email,
       operator.name AS operator_name, coalesce(payment.amount_minor, held_payment.amount_minor) AS amount_minor,
       coalesce(payment.currency, held_payment.currency) AS currency, bill.id AS bill_id, bill.number AS bill_number,
       customer.id AS customer_id, customer.code AS customer_code, customer.name AS customer_name,
       bulk_action.total AS bulk_total, customer_import.read AS import_read,
       CASE WHEN run.dry_run THEN NULL ELSE run.created END AS run_created
  FROM entry
  LEFT JOIN user_account AS person ON 'user:' || person.id = entry.caller
  LEFT JOIN operator ON operator.id = entry.operator_id
  LEFT JOIN payment ON payment.id = entry.subject_id AND entry.kind IN ('payment', 'reversal')
  LEFT JOIN held_payment ON held_payment.id = entry.subject_id AND entry.kind LIKE 'held-%'
  LEFT JOIN bill
    ON bill.id = coalesce(payment.bill_id, held_payment.bill_id, (entry.command ->> 'invoice_id')::uuid, entry.subject_id)
   AND bill.issued_on IS NOT NULL
  LEFT JOIN customer
    ON customer.id = coalesce(payment.customer_id, bill.customer_id, held_payment.customer_id,
                              (entry.command ->> 'customer_id')::uuid, entry.subject_id)
  LEFT JOIN bulk_action ON bulk_action.id = entry.subject_id
  LEFT JOIN customer_import ON customer_import.id = entry.id
  LEFT JOIN run ON run.id = entry.subject_id AND entry.kind = 'run'
 ORDER BY entry.id DESC
