-- name: project_money!
-- What is paid and owed, and how totals change by it; payments and what each settles; credit; how far the view has
-- come. In one round trip, for a clerk waits for it. A receivable before its invoice makes a stub, which counts
-- nowhere. An event of a release that did not say for whom money was taken leaves it to what is known here.
WITH incoming AS (
    SELECT * FROM unnest(:bill_ids::uuid[], :bill_customer_ids::uuid[], :bill_paid::bigint[], :bill_balances::bigint[],
                         :bill_statuses::text[], :bill_versions::bigint[])
        AS t (id, customer_id, paid_minor, balance_minor, status, version)
), written AS (
    INSERT INTO bill (id, customer_id, paid_minor, balance_minor, status, receivable_status, receivable_version)
    SELECT id, customer_id, paid_minor, balance_minor, status, status, version FROM incoming ORDER BY id
    ON CONFLICT (id) DO UPDATE
       SET paid_minor = excluded.paid_minor,
           receivable_status = excluded.receivable_status,
           receivable_version = excluded.receivable_version,
           status = CASE WHEN bill.voided OR excluded.status = 'void' THEN 'void' ELSE excluded.status END,
           balance_minor = CASE WHEN bill.voided OR excluded.status = 'void' THEN 0 ELSE excluded.balance_minor END
     WHERE bill.receivable_version < excluded.receivable_version
    RETURNING old.status AS old_status, old.total_minor AS old_total, old.paid_minor AS old_paid,
              old.balance_minor AS old_balance,
              new.operator_id, new.package_id, new.issued_on, new.period, new.due_on, new.status,
              new.total_minor, new.paid_minor, new.balance_minor
), change AS (
    SELECT operator_id, package_id, issued_on, period, due_on, status, 1 AS bills,
           total_minor, paid_minor, balance_minor FROM written WHERE issued_on IS NOT NULL
    UNION ALL
    SELECT operator_id, package_id, issued_on, period, due_on, old_status, -1,
           -old_total, -old_paid, -old_balance FROM written WHERE issued_on IS NOT NULL
), changed AS (
    SELECT operator_id, package_id, issued_on, period, due_on, status, sum(bills) AS bills,
           CASE WHEN status = 'void' THEN 0 ELSE sum(total_minor) END AS total_minor,
           CASE WHEN status = 'void' THEN 0 ELSE sum(paid_minor) END AS paid_minor,
           CASE WHEN status = 'void' THEN 0 ELSE sum(balance_minor) END AS balance_minor
      FROM change
     GROUP BY operator_id, package_id, issued_on, period, due_on, status
), counted AS (
    INSERT INTO bill_total (operator_id, package_id, issued_on, period, due_on, status, slot,
                            bills, total_minor, paid_minor, balance_minor)
    SELECT above.id, of_package.id, t.issued_on, t.period, t.due_on, t.status, :slot::smallint,
           sum(t.bills), sum(t.total_minor), sum(t.paid_minor), sum(t.balance_minor)
      FROM changed AS t
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
), paid AS (
    INSERT INTO payment (id, customer_id, operator_id, bill_id, amount_minor, allocated_minor, credit_minor, currency, method,
                         paid_on, recorded_at, recorded_by, recorded_by_name, source, external_id, reference, note, reversed, reversal_reason,
                         reversed_at, reversed_by, version)
    SELECT id, customer_id,
           coalesce(operator_id, (SELECT bill.operator_id FROM bill WHERE bill.id = t.bill_id),
                    (SELECT customer.operator_id FROM customer WHERE customer.id = t.customer_id)),
           bill_id, amount_minor, allocated_minor, credit_minor, currency, method,
           paid_on, recorded_at, recorded_by, recorded_by_name, source, external_id, reference, note, reversed, reversal_reason,
           reversed_at, reversed_by, version
      FROM unnest(:payment_ids::uuid[], :payment_customer_ids::uuid[], :operator_ids::uuid[], :payment_bill_ids::uuid[], :amounts::bigint[],
                  :allocated::bigint[], :payment_credits::bigint[], :currencies::text[], :methods::text[], :paid_ons::date[],
                  :recorded_ats::timestamptz[], :recorded_bys::text[], :recorded_by_names::text[], :sources::text[],
                  :external_ids::text[], :refs::text[],
                  :notes::text[], :reversed::boolean[], :reversal_reasons::text[], :reversed_ats::timestamptz[],
                  :reversed_bys::text[], :payment_versions::bigint[])
        AS t (id, customer_id, operator_id, bill_id, amount_minor, allocated_minor, credit_minor, currency, method,
              paid_on, recorded_at, recorded_by, recorded_by_name, source, external_id, reference, note, reversed, reversal_reason,
              reversed_at, reversed_by, version)
     ORDER BY id
    ON CONFLICT (id) DO UPDATE
       SET operator_id = excluded.operator_id, bill_id = excluded.bill_id, external_id = excluded.external_id, allocated_minor = excluded.allocated_minor,
           credit_minor = excluded.credit_minor, reversed = excluded.reversed,
           reversal_reason = excluded.reversal_reason, reversed_at = excluded.reversed_at,
           reversed_by = excluded.reversed_by, reference = excluded.reference, note = excluded.note,
           version = excluded.version
     WHERE payment.version < excluded.version
), settled AS (
    INSERT INTO payment_allocation (payment_id, bill_id, amount_minor, version)
    SELECT payment_id, bill_id, amount_minor, version
      FROM unnest(:part_payment_ids::uuid[], :part_bill_ids::uuid[], :part_amounts::bigint[], :part_versions::bigint[])
        AS t (payment_id, bill_id, amount_minor, version)
     ORDER BY payment_id, bill_id
    ON CONFLICT (payment_id, bill_id) DO UPDATE
       SET amount_minor = excluded.amount_minor, version = excluded.version
     WHERE payment_allocation.version < excluded.version
), left_over AS (
    INSERT INTO customer_account (customer_id, credit_minor, version)
    SELECT customer_id, credit_minor, version
      FROM unnest(:account_customer_ids::uuid[], :account_credits::bigint[], :account_versions::bigint[])
        AS t (customer_id, credit_minor, version)
     ORDER BY customer_id
    ON CONFLICT (customer_id) DO UPDATE
       SET credit_minor = excluded.credit_minor, version = excluded.version
     WHERE customer_account.version < excluded.version
)
INSERT INTO projected (slot, as_of) VALUES (:slot::smallint, :as_of)
ON CONFLICT (slot) DO UPDATE SET as_of = greatest(projected.as_of, excluded.as_of)
