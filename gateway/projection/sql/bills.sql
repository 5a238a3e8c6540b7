-- name: take_slot^
-- The first totals slot that nobody else writes to; held until the transaction ends. Reading `view_rebuild` is
-- also the gate that a rebuild closes: it comes before every other lock on the view. Who counts bills then waits
-- for operators, as `wait_for_operators`.
SELECT slot, CASE WHEN :counts THEN pg_advisory_xact_lock_shared(7326201) END,
       EXISTS (SELECT 1 FROM view_rebuild) AS rebuilding,
       EXISTS (SELECT 1 FROM view_rebuild WHERE expires_at <= clock_timestamp()) AS abandoned
  FROM generate_series(0, 1000) AS slot
 WHERE pg_try_advisory_xact_lock(7326200, slot)
 LIMIT 1

-- name: end_abandoned_rebuild$
-- Whoever ends it writes to the shadow no more, and the holder, should it come back, finds its row gone. A row
-- that somebody else is about to end or to renew counts as there: writing twice is never wrong.
WITH ended AS (
    DELETE FROM view_rebuild
     WHERE id IN (SELECT id FROM view_rebuild WHERE expires_at <= clock_timestamp() FOR UPDATE SKIP LOCKED)
    RETURNING id
)
SELECT EXISTS (SELECT 1 FROM ended)

-- name: wait_for_operators!
-- Shared by everyone who counts bills; an operator that comes late counts its bills upwards alone.
SELECT pg_advisory_xact_lock_shared(7326201)

-- name: stop_the_count!
SELECT pg_advisory_xact_lock(7326201)

-- name: add_invoices!
-- Bills of a run, which nobody knew: no row to compare, nothing to give back. One that is there after all fails
-- the statement, and its batch is projected as below. A column is one text, taken apart here.
INSERT INTO bill (
    id, customer_id, operator_id, package_id, issued_on, due_on, period, number, status, currency,
    total_minor, balance_minor, net_minor, vat_minor, vat_basis_points, invoice_version, run_id, issued_at,
    operator_name, package_name, customer_code, customer_name, customer_mobile, lines)
SELECT t.id::uuid AS id, t.customer_id::uuid, terms.operator_id, terms.package_id, terms.issued_on, terms.due_on,
       terms.period, t.number, 'unpaid', terms.currency, terms.total_minor, terms.total_minor, terms.net_minor,
       terms.vat_minor, terms.vat_basis_points, terms.version, terms.run_id, terms.issued_at,
       terms.operator_name, terms.package_name, t.customer_code, t.customer_name, nullif(t.customer_mobile, ''),
       terms.lines
  FROM unnest(string_to_array(:ids, :separator), string_to_array(:customer_ids, :separator),
              string_to_array(:numbers, :separator), string_to_array(:customer_codes, :separator),
              string_to_array(:customer_names, :separator), string_to_array(:customer_mobiles, :separator),
              string_to_array(:places, :separator))
       AS t (id, customer_id, number, customer_code, customer_name, customer_mobile, place)
  JOIN (SELECT each.operator_id, each.operator_name, each.package_id, each.package_name, each.issued_on, each.due_on,
               each.period, each.currency, each.total_minor, each.net_minor, each.vat_minor, each.vat_basis_points,
               each.version, each.run_id, each.issued_at, each.lines::jsonb AS lines, each.place
          FROM unnest(:operator_ids::uuid[], :operator_names::text[], :package_ids::uuid[], :package_names::text[],
                      :issued_ons::date[], :due_ons::date[], :periods::text[], :currencies::text[],
                      :totals::bigint[], :nets::bigint[], :vats::bigint[], :vat_basis_points::integer[],
                      :versions::bigint[], :run_ids::uuid[], :issued_ats::timestamptz[], :lines::text[])
               WITH ORDINALITY
               AS each (operator_id, operator_name, package_id, package_name, issued_on, due_on, period, currency,
                        total_minor, net_minor, vat_minor, vat_basis_points, version, run_id, issued_at, lines, place)
         OFFSET 0) AS terms
    ON terms.place = t.place::bigint + 1
 ORDER BY 1

-- name: project_invoices
-- Answers what changed, grouped: minus the old row, plus the new one.
WITH incoming AS (
    SELECT * FROM unnest(
        :ids::uuid[], :customer_ids::uuid[], :operator_ids::uuid[], :package_ids::uuid[],
        :issued_ons::date[], :due_ons::date[], :periods::text[], :numbers::text[], :currencies::text[],
        :totals::bigint[], :nets::bigint[], :vats::bigint[], :vat_basis_points::integer[],
        :versions::bigint[], :voided::boolean[], :run_ids::uuid[], :reissue_ofs::uuid[], :reissued_ases::uuid[],
        :issued_ats::timestamptz[], :voided_ats::timestamptz[], :operator_names::text[], :package_names::text[],
        :customer_codes::text[], :customer_names::text[], :customer_mobiles::text[], :void_reasons::text[],
        :voided_bys::text[], :lines::text[]
    ) AS t (id, customer_id, operator_id, package_id, issued_on, due_on, period, number, currency,
            total_minor, net_minor, vat_minor, vat_basis_points, version, voided, run_id, reissue_of, reissued_as,
            issued_at, voided_at, operator_name, package_name, customer_code, customer_name, customer_mobile,
            void_reason, voided_by, lines)
), written AS (
    INSERT INTO bill (
        id, customer_id, operator_id, package_id, issued_on, due_on, period, number, status, currency,
        total_minor, balance_minor, net_minor, vat_minor, vat_basis_points, invoice_version, voided,
        run_id, reissue_of, reissued_as, issued_at, voided_at, operator_name, package_name,
        customer_code, customer_name, customer_mobile, void_reason, voided_by, lines)
    SELECT id, customer_id, operator_id, package_id, issued_on, due_on, period, number,
           CASE WHEN voided THEN 'void' ELSE 'unpaid' END, currency,
           total_minor, CASE WHEN voided THEN 0 ELSE total_minor END, net_minor, vat_minor, vat_basis_points,
           version, voided, run_id, reissue_of, reissued_as, issued_at, voided_at, operator_name, package_name,
           customer_code, customer_name, customer_mobile, void_reason, voided_by, lines::jsonb
      FROM incoming
     ORDER BY id
    ON CONFLICT (id) DO UPDATE
       SET customer_id = excluded.customer_id, operator_id = excluded.operator_id,
           package_id = excluded.package_id, issued_on = excluded.issued_on, due_on = excluded.due_on,
           period = excluded.period, number = excluded.number, currency = excluded.currency,
           total_minor = excluded.total_minor, net_minor = excluded.net_minor, vat_minor = excluded.vat_minor,
           vat_basis_points = excluded.vat_basis_points, invoice_version = excluded.invoice_version,
           voided = excluded.voided, run_id = excluded.run_id, reissue_of = excluded.reissue_of,
           reissued_as = excluded.reissued_as, issued_at = excluded.issued_at, voided_at = excluded.voided_at,
           operator_name = excluded.operator_name, package_name = excluded.package_name,
           customer_code = excluded.customer_code, customer_name = excluded.customer_name,
           customer_mobile = excluded.customer_mobile, void_reason = excluded.void_reason,
           voided_by = excluded.voided_by, lines = excluded.lines,
           status = CASE WHEN excluded.voided OR bill.receivable_status = 'void' THEN 'void'
                         ELSE bill.receivable_status END,
           balance_minor = CASE WHEN excluded.voided OR bill.receivable_status = 'void' THEN 0
                                ELSE greatest(excluded.total_minor - bill.paid_minor, 0) END
     WHERE bill.invoice_version < excluded.invoice_version
    RETURNING old.operator_id AS old_operator_id, old.package_id AS old_package_id,
              old.issued_on AS old_issued_on, old.period AS old_period, old.due_on AS old_due_on,
              old.status AS old_status, old.total_minor AS old_total, old.paid_minor AS old_paid,
              old.balance_minor AS old_balance,
              new.operator_id, new.package_id, new.issued_on, new.period, new.due_on, new.status,
              new.total_minor, new.paid_minor, new.balance_minor
), change AS (
    SELECT operator_id, package_id, issued_on, period, due_on, status, 1 AS bills,
           total_minor, paid_minor, balance_minor FROM written
    UNION ALL
    SELECT old_operator_id, old_package_id, old_issued_on, old_period, old_due_on, old_status, -1,
           -old_total, -old_paid, -old_balance FROM written WHERE old_issued_on IS NOT NULL
)
SELECT operator_id, package_id, issued_on, period, due_on, status, sum(bills) AS bills,
       CASE WHEN status = 'void' THEN 0 ELSE sum(total_minor) END AS total_minor,
       CASE WHEN status = 'void' THEN 0 ELSE sum(paid_minor) END AS paid_minor,
       CASE WHEN status = 'void' THEN 0 ELSE sum(balance_minor) END AS balance_minor
  FROM change
 GROUP BY operator_id, package_id, issued_on, period, due_on, status

-- name: add_to_totals!
-- Every change counts for the operator and everyone above it, and for its package and all packages.
INSERT INTO bill_total (operator_id, package_id, issued_on, period, due_on, status, slot,
                        bills, total_minor, paid_minor, balance_minor)
SELECT above.id, of_package.id, t.issued_on, t.period, t.due_on, t.status, :slot::smallint,
       sum(t.bills), sum(t.total_minor), sum(t.paid_minor), sum(t.balance_minor)
  FROM unnest(:operator_ids::uuid[], :package_ids::uuid[], :issued_ons::date[], :periods::text[],
              :due_ons::date[], :statuses::text[], :bills::bigint[], :totals::numeric[], :paid::numeric[],
              :balances::numeric[])
       AS t (operator_id, package_id, issued_on, period, due_on, status, bills, total_minor, paid_minor,
             balance_minor)
  LEFT JOIN operator ON operator.id = t.operator_id
 CROSS JOIN LATERAL unnest(coalesce(operator.path, ARRAY[t.operator_id])) AS above (id)
 CROSS JOIN LATERAL (VALUES (t.package_id), ('00000000-0000-0000-0000-000000000000'::uuid)) AS of_package (id)
 GROUP BY above.id, of_package.id, t.issued_on, t.period, t.due_on, t.status
HAVING sum(t.bills) <> 0 OR sum(t.total_minor) <> 0 OR sum(t.paid_minor) <> 0 OR sum(t.balance_minor) <> 0
 ORDER BY 1, 2, 3, 4, 5, 6
ON CONFLICT (operator_id, package_id, issued_on, period, due_on, status, slot) DO UPDATE
   SET bills = bill_total.bills + excluded.bills,
       total_minor = bill_total.total_minor + excluded.total_minor,
       paid_minor = bill_total.paid_minor + excluded.paid_minor,
       balance_minor = bill_total.balance_minor + excluded.balance_minor

-- name: count_upwards!
-- Operators that have just become known: their bills so far counted only for themselves.
INSERT INTO bill_total (operator_id, package_id, issued_on, period, due_on, status, slot,
                        bills, total_minor, paid_minor, balance_minor)
SELECT above.id, of_package.id, bill.issued_on, bill.period, bill.due_on, bill.status, :slot::smallint, count(*),
       coalesce(sum(bill.total_minor) FILTER (WHERE bill.status <> 'void'), 0),
       coalesce(sum(bill.paid_minor) FILTER (WHERE bill.status <> 'void'), 0),
       coalesce(sum(bill.balance_minor) FILTER (WHERE bill.status <> 'void'), 0)
  FROM bill
  JOIN operator ON operator.id = bill.operator_id
 CROSS JOIN LATERAL unnest(operator.path) AS above (id)
 CROSS JOIN LATERAL (VALUES (bill.package_id), ('00000000-0000-0000-0000-000000000000'::uuid)) AS of_package (id)
 WHERE bill.operator_id = ANY (:operator_ids::uuid[])
   AND bill.issued_on IS NOT NULL
   AND above.id <> bill.operator_id
 GROUP BY above.id, of_package.id, bill.issued_on, bill.period, bill.due_on, bill.status
 ORDER BY 1, 2, 3, 4, 5, 6
ON CONFLICT (operator_id, package_id, issued_on, period, due_on, status, slot) DO UPDATE
   SET bills = bill_total.bills + excluded.bills,
       total_minor = bill_total.total_minor + excluded.total_minor,
       paid_minor = bill_total.paid_minor + excluded.paid_minor,
       balance_minor = bill_total.balance_minor + excluded.balance_minor

-- name: mark_projected!
INSERT INTO projected (slot, as_of) VALUES (:slot::smallint, :as_of)
ON CONFLICT (slot) DO UPDATE SET as_of = greatest(projected.as_of, excluded.as_of)
