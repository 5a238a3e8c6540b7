-- name: learn_billing_settings!
UPDATE billing_settings
   SET time_zone = said.time_zone, currency = said.currency, due_days = said.due_days,
       billing_from = said.billing_from, link_valid_hours = said.link_valid_hours,
       default_vat_basis_points = said.default_vat_basis_points, version = said.version
  FROM jsonb_to_recordset(:settings::jsonb)
       AS said (time_zone text, currency text, due_days integer, billing_from text, link_valid_hours integer,
                default_vat_basis_points integer, version bigint)
 WHERE billing_settings.version < said.version

-- name: learn_operators!
-- An operator's parent comes before it, which its own statement would not see.
WITH said AS (
  SELECT said.operator_id, said.code, said.name, said.parent_id, said.path, said.version
    FROM jsonb_to_recordset(:operators::jsonb)
         AS said (operator_id uuid, code text, name text, parent_id uuid, path uuid[], version bigint)
), learned AS (
  INSERT INTO operator (id, code, name, parent_id, path, version)
  SELECT said.operator_id, said.code, said.name, said.parent_id, said.path, said.version
    FROM said
   ORDER BY cardinality(said.path)
      ON CONFLICT (id) DO UPDATE
     SET name = EXCLUDED.name, version = EXCLUDED.version
   WHERE operator.version < EXCLUDED.version
)
INSERT INTO operator_counter (operator_id)
SELECT said.operator_id FROM said
    ON CONFLICT (operator_id) DO NOTHING

-- name: learn_packages!
INSERT INTO package (id, operator_id, name, price_minor, vat_basis_points, version)
SELECT said.package_id, said.operator_id, said.name, said.price_minor, said.vat_basis_points, said.version
  FROM jsonb_to_recordset(:packages::jsonb)
       AS said (package_id uuid, operator_id uuid, name text, price_minor bigint, vat_basis_points integer,
                version bigint)
    ON CONFLICT (id) DO UPDATE
   SET name = EXCLUDED.name, price_minor = EXCLUDED.price_minor,
       vat_basis_points = EXCLUDED.vat_basis_points, version = EXCLUDED.version
 WHERE package.version < EXCLUDED.version

-- name: give_up_codes!
-- Two that were given each other's code, or a new one that has the code of one renamed, meet no code taken.
UPDATE customer
   SET code = customer.id::text
  FROM unnest(:ids::uuid[], :versions::bigint[]) AS said (id, version)
 WHERE customer.id = said.id AND customer.version < said.version AND customer.erased_at IS NULL

-- name: learn_customers!
INSERT INTO customer (id, operator_id, code, name, mobile, alternate_mobile, address, package_id, status,
                      billing_cycle, since, version)
SELECT said.customer_id, said.operator_id, said.code, said.name, said.mobile, said.alternate_mobile, said.address,
       said.package_id, said.status, said.billing_cycle, said.since, said.version
  FROM jsonb_to_recordset(:customers::jsonb)
       AS said (customer_id uuid, operator_id uuid, code text, name text, mobile text, alternate_mobile text,
                address text, package_id uuid, status text, billing_cycle text, since date, version bigint)
    ON CONFLICT (id) DO UPDATE
   SET operator_id = EXCLUDED.operator_id, code = EXCLUDED.code, name = EXCLUDED.name, mobile = EXCLUDED.mobile,
       alternate_mobile = EXCLUDED.alternate_mobile, address = EXCLUDED.address,
       package_id = EXCLUDED.package_id, status = EXCLUDED.status, billing_cycle = EXCLUDED.billing_cycle,
       since = EXCLUDED.since, version = EXCLUDED.version
 WHERE customer.version < EXCLUDED.version

-- name: learn_erased!
UPDATE customer
   SET erased_at = said.erased_at
  FROM unnest(:ids::uuid[], :erased_ats::timestamptz[]) AS said (id, erased_at)
 WHERE customer.id = said.id AND customer.erased_at IS NULL

-- name: learn_ends_of_invoices!
-- What may change of an invoice that is there: its end. Before others are added, of which one may take its place.
UPDATE invoice
   SET version = said.version, voided_at = said.voided_at, void_reason = said.void_reason,
       voided_by = said.voided_by, reissued_as = said.reissued_as
  FROM jsonb_to_recordset(:invoices::jsonb)
       AS said (invoice_id uuid, version integer, voided_at timestamptz, void_reason text, voided_by text,
                reissued_as uuid)
 WHERE invoice.id = said.invoice_id AND invoice.version < said.version

-- name: learn_erased_names!
UPDATE invoice
   SET customer_name = said.customer_name, customer_mobile = said.customer_mobile
  FROM jsonb_to_recordset(:invoices::jsonb)
       AS said (invoice_id uuid, customer_name text, customer_mobile text)
 WHERE invoice.id = said.invoice_id AND invoice.customer_name <> said.customer_name

-- name: learn_invoices$
WITH learned AS (
  INSERT INTO invoice (id, operator_id, customer_id, package_id, run_id, sequence, net_minor, vat_minor,
                       total_minor, issued_at, issued_on, due_on, vat_basis_points, version, period, currency,
                       number, operator_name, package_name, customer_code, customer_name, customer_mobile,
                       reissue_of, reissued_as, voided_at, void_reason, voided_by)
  SELECT said.invoice_id, said.operator_id, said.customer_id, said.package_id, said.run_id,
         substring(said.number FROM '[0-9]+$')::bigint, said.net_minor, said.vat_minor, said.total_minor,
         said.issued_at, said.issued_on, said.due_on, said.vat_basis_points, said.version, said.period,
         said.currency, said.number, said.operator_name, said.package_name, said.customer_code,
         said.customer_name, said.customer_mobile, said.reissue_of, said.reissued_as, said.voided_at,
         said.void_reason, said.voided_by
    FROM jsonb_to_recordset(:invoices::jsonb)
         AS said (invoice_id uuid, operator_id uuid, customer_id uuid, package_id uuid, run_id uuid,
                  net_minor bigint, vat_minor bigint, total_minor bigint, issued_at timestamptz, issued_on date,
                  due_on date, vat_basis_points integer, version integer, period text, currency text, number text,
                  operator_name text, package_name text, customer_code text, customer_name text,
                  customer_mobile text, reissue_of uuid, reissued_as uuid, voided_at timestamptz,
                  void_reason text, voided_by text)
   ORDER BY said.number
      ON CONFLICT (id) DO NOTHING
  RETURNING operator_id, sequence
), counted_on AS (
  UPDATE operator_counter AS counter
     SET next_number = greatest(counter.next_number, last.sequence + 1)
    FROM (SELECT learned.operator_id, max(learned.sequence) AS sequence
            FROM learned
           GROUP BY learned.operator_id) AS last
   WHERE counter.operator_id = last.operator_id
)
SELECT count(*) FROM learned

-- name: learn_runs!
INSERT INTO run (id, kind, state, period, operator_id, package_id, customer_id, dry_run, joined_by, currency,
                 expected, created, already_billed, skipped, failed, total_minor, requested_by, started_at, said_at,
                 completed_at, version)
SELECT said.run_id, said.kind, said.state, said.period, said.operator_id, said.package_id, said.customer_id,
       said.dry_run, said.joined_by, said.currency, said.expected, said.created, said.already_billed,
       said.skipped, said.failed, said.total_minor, said.requested_by, said.started_at, said.started_at,
       said.completed_at, said.version
  FROM jsonb_to_recordset(:runs::jsonb)
       AS said (run_id uuid, kind text, state text, period text, operator_id uuid, package_id uuid,
                customer_id uuid, dry_run boolean, joined_by date, currency text, expected bigint, created bigint,
                already_billed bigint, skipped jsonb, failed bigint, total_minor bigint, requested_by text,
                started_at timestamptz, completed_at timestamptz, version bigint)
    ON CONFLICT (id) DO UPDATE
   SET state = EXCLUDED.state, expected = EXCLUDED.expected, created = EXCLUDED.created,
       already_billed = EXCLUDED.already_billed, skipped = EXCLUDED.skipped, failed = EXCLUDED.failed,
       total_minor = EXCLUDED.total_minor, completed_at = EXCLUDED.completed_at, version = EXCLUDED.version
 WHERE run.version < EXCLUDED.version

-- name: learn_said_of_runs!
INSERT INTO run_said (run_id, version, payload)
SELECT said.run_id, said.version, said.payload
  FROM unnest(:run_ids::uuid[], :versions::bigint[], :payloads::text[]) AS said (run_id, version, payload)
    ON CONFLICT (run_id, version) DO NOTHING

-- name: end_open_runs
-- What was left of them is not known any more; whom they billed is, by the invoices.
UPDATE run
   SET state = 'completed', completed_at = :now, said_at = :now, version = run.version + 1,
       created = counted.created, total_minor = counted.total_minor,
       expected = counted.created + run.already_billed + run.failed + counted.skipped
  FROM (SELECT open.id,
               CASE WHEN open.dry_run THEN open.created ELSE issued.invoices END AS created,
               CASE WHEN open.dry_run THEN open.total_minor ELSE issued.total_minor END AS total_minor,
               (SELECT coalesce(sum(each.value::bigint), 0)::bigint
                  FROM jsonb_each_text(open.skipped) AS each) AS skipped
          FROM run AS open
         CROSS JOIN LATERAL (SELECT count(*) AS invoices, coalesce(sum(invoice.total_minor), 0)::bigint AS total_minor
                               FROM invoice
                              WHERE invoice.run_id = open.id) AS issued
         WHERE open.state <> 'completed') AS counted
 WHERE run.id = counted.id
RETURNING run.id, run.period

-- name: forget_open_chunks!
WITH gone AS (
  DELETE FROM run_chunk
   USING run
   WHERE run.id = run_chunk.run_id AND run.state = 'completed' AND NOT run_chunk.done
)
UPDATE run
   SET chunks_open = 0
 WHERE state = 'completed' AND chunks_open <> 0
