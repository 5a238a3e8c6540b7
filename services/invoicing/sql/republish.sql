-- name: start_republish!
INSERT INTO republish (command_id, envelope, subjects)
VALUES (:command_id, :envelope::jsonb, :subjects)
    ON CONFLICT DO NOTHING

-- name: open_republish^
SELECT command_id, envelope, subjects, said, after_id, after_version, last_outbox_id
  FROM republish
 WHERE completed_at IS NULL
 ORDER BY command_id
 LIMIT 1
   FOR UPDATE SKIP LOCKED

-- name: advance_republish!
UPDATE republish
   SET said = :said, after_id = :after_id, after_version = :after_version,
       last_outbox_id = greatest(last_outbox_id, :last_outbox_id)
 WHERE command_id = :command_id

-- name: complete_republish!
UPDATE republish
   SET completed_at = :now
 WHERE command_id = :command_id

-- name: is_outbox_sent$
-- Looked up a lane: the outbox has no index by id alone. What a republish says goes to topics of our own;
-- a row that waits for anybody else's, which may be missing, holds up none of it.
SELECT NOT EXISTS (SELECT 1 FROM outbox WHERE lane = 0 AND id <= :last_outbox_id AND topic LIKE 'invoicing.%')
   AND NOT EXISTS (SELECT 1 FROM outbox WHERE lane = 1 AND id <= :last_outbox_id AND topic LIKE 'invoicing.%')

-- name: republish_operators^
WITH part AS (
  SELECT operator.id, operator.code, operator.name, operator.parent_id, operator.path, operator.version
    FROM operator
   WHERE :after_id::uuid IS NULL OR operator.id > :after_id
   ORDER BY operator.id
   LIMIT :most
), said AS (
  INSERT INTO outbox (lane, topic, key, type, payload, occurred_at)
  SELECT 1, :topic, part.id::text, :type,
         json_build_object('operator_id', part.id, 'code', part.code, 'name', part.name, 'parent_id', part.parent_id,
                           'path', part.path, 'invoice_prefix', part.code, 'version', part.version)::text,
         :now
    FROM part
   ORDER BY part.id
  RETURNING id
)
SELECT (SELECT count(*) FROM part) AS rows, (SELECT part.id FROM part ORDER BY part.id DESC LIMIT 1) AS after_id,
       0::bigint AS after_version, (SELECT max(said.id) FROM said) AS last_outbox_id

-- name: republish_packages^
WITH part AS (
  SELECT package.id, package.operator_id, package.name, package.price_minor, package.vat_basis_points,
         package.version
    FROM package
   WHERE :after_id::uuid IS NULL OR package.id > :after_id
   ORDER BY package.id
   LIMIT :most
), said AS (
  INSERT INTO outbox (lane, topic, key, type, payload, occurred_at)
  SELECT 1, :topic, part.id::text, :type,
         json_build_object('package_id', part.id, 'operator_id', part.operator_id, 'name', part.name,
                           'price_minor', part.price_minor, 'currency', billing_settings.currency,
                           'vat_basis_points', part.vat_basis_points, 'version', part.version)::text,
         :now
    FROM part, billing_settings
   ORDER BY part.id
  RETURNING id
)
SELECT (SELECT count(*) FROM part) AS rows, (SELECT part.id FROM part ORDER BY part.id DESC LIMIT 1) AS after_id,
       0::bigint AS after_version, (SELECT max(said.id) FROM said) AS last_outbox_id

-- name: republish_customers^
WITH part AS (
  SELECT customer.id, customer.operator_id, customer.code, customer.name, customer.mobile,
         customer.alternate_mobile, customer.address, customer.package_id, customer.status, customer.billing_cycle, customer.since, customer.version
    FROM customer
   WHERE :after_id::uuid IS NULL OR customer.id > :after_id
   ORDER BY customer.id
   LIMIT :most
), said AS (
  INSERT INTO outbox (lane, topic, key, type, payload, occurred_at)
  SELECT 1, :topic, part.id::text, :type,
         json_build_object('customer_id', part.id, 'operator_id', part.operator_id, 'code', part.code,
                           'name', part.name, 'mobile', part.mobile, 'alternate_mobile', part.alternate_mobile,
                           'address', part.address,
                           'package_id', part.package_id, 'status', part.status,
                           'billing_cycle', part.billing_cycle, 'since', part.since, 'version', part.version)::text,
         :now
    FROM part
   ORDER BY part.id
  RETURNING id
)
SELECT (SELECT count(*) FROM part) AS rows, (SELECT part.id FROM part ORDER BY part.id DESC LIMIT 1) AS after_id,
       0::bigint AS after_version, (SELECT max(said.id) FROM said) AS last_outbox_id

-- name: republish_erased^
WITH part AS (
  SELECT customer.id, customer.operator_id, customer.code, customer.erased_at, customer.version
    FROM customer
   WHERE customer.erased_at IS NOT NULL AND (:after_id::uuid IS NULL OR customer.id > :after_id)
   ORDER BY customer.id
   LIMIT :most
), said AS (
  INSERT INTO outbox (lane, topic, key, type, payload, occurred_at)
  SELECT 1, :topic, part.id::text, :type,
         json_build_object('customer_id', part.id, 'operator_id', part.operator_id, 'code', part.code,
                           'erased_at', part.erased_at, 'version', part.version)::text,
         :now
    FROM part
   ORDER BY part.id
  RETURNING id
)
SELECT (SELECT count(*) FROM part) AS rows, (SELECT part.id FROM part ORDER BY part.id DESC LIMIT 1) AS after_id,
       0::bigint AS after_version, (SELECT max(said.id) FROM said) AS last_outbox_id

-- name: republish_invoices^
WITH part AS (
  SELECT id, number, period, issued_on, due_on, currency, net_minor, vat_basis_points, vat_minor, total_minor,
         operator_id, operator_name, package_id, package_name, customer_id, customer_code, customer_name,
         customer_mobile, run_id, reissue_of, issued_at, version, voided_at, void_reason, voided_by, reissued_as
    FROM invoice
   WHERE :after_id::uuid IS NULL OR invoice.id > :after_id
   ORDER BY invoice.id
   LIMIT :most
), said AS (
  INSERT INTO outbox (lane, topic, key, type, payload, occurred_at)
  SELECT 1, :topic, part.customer_id::text,
         CASE WHEN part.voided_at IS NULL THEN :issued_type ELSE :voided_type END,
         (jsonb_build_object(
            'invoice_id', part.id, 'number', part.number, 'period', part.period, 'issued_on', part.issued_on,
            'due_on', part.due_on, 'currency', part.currency,
            'lines', jsonb_build_array(jsonb_build_object(
                'description', part.package_name, 'quantity', 1, 'unit_minor', part.net_minor,
                'net_minor', part.net_minor, 'vat_basis_points', part.vat_basis_points,
                'vat_minor', part.vat_minor, 'total_minor', part.total_minor)),
            'net_minor', part.net_minor, 'vat_basis_points', part.vat_basis_points, 'vat_minor', part.vat_minor,
            'total_minor', part.total_minor, 'operator_id', part.operator_id, 'operator_name', part.operator_name,
            'package_id', part.package_id, 'package_name', part.package_name, 'customer_id', part.customer_id,
            'customer_code', part.customer_code, 'customer_name', part.customer_name,
            'customer_mobile', part.customer_mobile, 'run_id', part.run_id, 'reissue_of', part.reissue_of,
            'issued_at', to_char(part.issued_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'version', part.version)
          || CASE WHEN part.voided_at IS NULL THEN '{}'::jsonb ELSE jsonb_build_object(
               'void_reason', part.void_reason,
               'voided_at', to_char(part.voided_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
               'voided_by', part.voided_by, 'reissued_as', part.reissued_as) END)::text,
         :now
    FROM part
   ORDER BY part.id
  RETURNING id
)
SELECT (SELECT count(*) FROM part) AS rows, (SELECT part.id FROM part ORDER BY part.id DESC LIMIT 1) AS after_id,
       0::bigint AS after_version, (SELECT max(said.id) FROM said) AS last_outbox_id

-- name: republish_runs^
-- Word for word what was said, under the versions of then; a part may hold a thousand customers.
WITH part AS (
  SELECT run_said.run_id, run_said.version, run_said.payload
    FROM run_said
   WHERE :after_id::uuid IS NULL OR (run_said.run_id, run_said.version) > (:after_id, :after_version)
   ORDER BY run_said.run_id, run_said.version
   LIMIT least(:most, 100)
), said AS (
  INSERT INTO outbox (lane, topic, key, type, payload, occurred_at)
  SELECT 1, :topic, part.run_id::text, :type, part.payload, :now
    FROM part
   ORDER BY part.run_id, part.version
  RETURNING id
), last AS (
  SELECT part.run_id, part.version FROM part ORDER BY part.run_id DESC, part.version DESC LIMIT 1
)
SELECT (SELECT count(*) FROM part) AS rows, (SELECT last.run_id FROM last) AS after_id,
       (SELECT last.version FROM last) AS after_version, (SELECT max(said.id) FROM said) AS last_outbox_id
