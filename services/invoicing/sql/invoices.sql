-- name: lock_counters
-- First of all locks in whatever issues an invoice, and in one order.
SELECT operator_id, next_number
  FROM operator_counter
 WHERE operator_id = ANY(:operator_ids::uuid[])
 ORDER BY operator_id
   FOR UPDATE

-- name: lock_counters_of_customers!
SELECT counter.operator_id
  FROM operator_counter AS counter
 WHERE counter.operator_id IN (SELECT customer.operator_id FROM customer WHERE customer.id = ANY(:customer_ids::uuid[]))
 ORDER BY counter.operator_id
   FOR UPDATE

-- name: count_on!
UPDATE operator_counter
   SET next_number = :next_number
 WHERE operator_id = :operator_id

-- name: bill_customers^
-- A piece of a chunk in one statement: decide, number, issue and say, under the locks of the counters of
-- `operator_ids`. Who belongs to another operator by now is left for the next pass. Only what the piece needs
-- is read and written down once: a package's lines, an operator's name. Look-ups are by lists of ids and never
-- by joins with whole tables, however stale the statistics are. Never ON CONFLICT here: it would leave a gap
-- in the numbers.
WITH picked AS MATERIALIZED (
  SELECT customer.id, customer.operator_id, customer.code, customer.name, customer.mobile, customer.package_id,
         customer.status, customer.billing_cycle, customer.since
    FROM customer
   WHERE customer.id = ANY((
         SELECT (coalesce(chunk.left_ids, chunk.customer_ids))[ (:first_place::integer) : (:last_place::integer) ]
           FROM run_chunk AS chunk
          WHERE chunk.run_id = :run_id AND chunk.position = :position)::uuid[])
), issuer AS MATERIALIZED (
  SELECT operator.id, operator.code, operator.name, counter.next_number,
         concat('{"operator_id":"', operator.id, '","operator_name":', to_json(operator.name), '}') AS payload
    FROM operator
    JOIN operator_counter AS counter ON counter.operator_id = operator.id
   WHERE operator.id = ANY(:operator_ids::uuid[]) AND counter.operator_id = ANY(:operator_ids::uuid[])
), priced AS MATERIALIZED (
  SELECT package.id, package.name, package.price_minor, package.vat_basis_points,
         div(package.price_minor::numeric * package.vat_basis_points + 5000, 10000) AS vat
    FROM package
   WHERE package.id = ANY(ARRAY(SELECT DISTINCT picked.package_id FROM picked))
), terms AS MATERIALIZED (
  SELECT priced.id, priced.name, priced.price_minor AS net_minor, priced.vat_basis_points,
         priced.price_minor + priced.vat AS total,
         CASE WHEN priced.vat <= 9007199254740991 THEN priced.vat::bigint END AS vat_minor,
         concat('{"package_id":"', priced.id, '","package_name":', to_json(priced.name),
                ',"lines":[{"description":', to_json(priced.name), ',"quantity":1,"unit_minor":', priced.price_minor,
                ',"net_minor":', priced.price_minor, ',"vat_basis_points":', priced.vat_basis_points,
                ',"vat_minor":', priced.vat, ',"total_minor":', priced.price_minor + priced.vat,
                '}],"net_minor":', priced.price_minor, ',"vat_basis_points":', priced.vat_basis_points,
                ',"vat_minor":', priced.vat, ',"total_minor":', priced.price_minor + priced.vat, '}') AS payload
    FROM priced
), live AS MATERIALIZED (
  -- By one pass over the index for all of them: a look-up a customer was made twice, once more for its id.
  SELECT invoice.customer_id, invoice.id
    FROM invoice
   WHERE invoice.period = :period AND invoice.voided_at IS NULL
     AND invoice.customer_id = ANY(ARRAY(SELECT picked.id FROM picked))
), voided AS MATERIALIZED (
  SELECT DISTINCT invoice.customer_id
    FROM invoice
   WHERE invoice.period = :period AND invoice.voided_at IS NOT NULL
     AND invoice.customer_id = ANY(ARRAY(SELECT picked.id FROM picked))
), decided AS MATERIALIZED (
  SELECT customer.id, customer.operator_id, customer.code, customer.name, customer.mobile, customer.package_id,
         live.id AS live_id, terms.total,
         CASE WHEN live.id IS NOT NULL THEN 'already_billed'
              WHEN voided.customer_id IS NOT NULL THEN 'voided'
              WHEN customer.status <> 'active' THEN customer.status
              WHEN customer.billing_cycle <> 'monthly' THEN 'not-monthly'
              WHEN customer.since > :joined_by THEN 'joined-later'
              WHEN terms.total = 0 THEN 'free'
              WHEN terms.total > 9007199254740991 THEN 'amount-too-large'
              WHEN :is_currency_changed::boolean THEN 'currency-changed'
              WHEN terms.total > :room_minor::bigint THEN 'run-total-too-large'
              ELSE 'created'
          END AS outcome
    FROM picked AS customer
    JOIN issuer ON issuer.id = customer.operator_id
    JOIN terms ON terms.id = customer.package_id
    LEFT JOIN live ON live.customer_id = customer.id
    LEFT JOIN voided ON voided.customer_id = customer.id
), numbered AS (
  SELECT decided.id, decided.operator_id, decided.code, decided.name, decided.mobile, decided.package_id,
         row_number() OVER (PARTITION BY decided.operator_id ORDER BY decided.id) - 1 AS place
    FROM decided
   WHERE decided.outcome = 'created' AND NOT :dry_run
), sequenced AS (
  SELECT numbered.id, numbered.operator_id, numbered.code, numbered.name, numbered.mobile, numbered.package_id,
         issuer.code AS operator_code, issuer.name AS operator_name,
         issuer.next_number + numbered.place AS sequence
    FROM numbered
    JOIN issuer ON issuer.id = numbered.operator_id
), billed AS MATERIALIZED (
  SELECT uuidv7() AS invoice_id, sequenced.operator_id, sequenced.operator_name, sequenced.sequence,
         sequenced.id AS customer_id, sequenced.code, sequenced.name, sequenced.mobile,
         sequenced.package_id,
         sequenced.operator_code || '-' || CASE WHEN sequenced.sequence < 1000000
                                                THEN lpad(sequenced.sequence::text, 6, '0')
                                                ELSE sequenced.sequence::text END AS number
    FROM sequenced
), issued AS (
  INSERT INTO invoice (id, operator_id, customer_id, package_id, run_id, sequence, net_minor, vat_minor,
                       total_minor, issued_at, issued_on, due_on, vat_basis_points, period, currency, number,
                       operator_name, package_name, customer_code, customer_name, customer_mobile)
  SELECT billed.invoice_id, billed.operator_id, billed.customer_id, billed.package_id, :run_id, billed.sequence,
         terms.net_minor, terms.vat_minor, terms.net_minor + terms.vat_minor, :issued_at, :issued_on, :due_on,
         terms.vat_basis_points, :period, :currency, billed.number, billed.operator_name, terms.name,
         billed.code, billed.name, billed.mobile
    FROM billed
    JOIN terms ON terms.id = billed.package_id
   ORDER BY billed.operator_id, billed.sequence
), counted_on AS (
  UPDATE operator_counter AS counter
     SET next_number = counter.next_number + used.numbers
    FROM (SELECT billed.operator_id, count(*) AS numbers
            FROM billed
           GROUP BY billed.operator_id) AS used
   WHERE counter.operator_id = used.operator_id AND counter.operator_id = ANY(:operator_ids::uuid[])
), worded AS MATERIALIZED (
  -- Written down once: it is measured before it is joined.
  SELECT billed.operator_id, billed.package_id, billed.customer_id, billed.sequence,
         -- As the relay chooses it, so that the key of one of them leads where each of them belongs.
         crc32(billed.customer_id::text::bytea) % :partitions::bigint AS place,
         concat('{"invoice_id":"', billed.invoice_id, '","number":"', billed.number, '","customer_id":"',
                billed.customer_id, '","operator_id":"', billed.operator_id, '","package_id":"', billed.package_id,
                '","code":', to_json(billed.code), ',"name":', to_json(billed.name), ',"mobile":',
                coalesce(to_json(billed.mobile)::text, 'null'), '}') AS payload
    FROM billed
   WHERE :as_sets::boolean
), placed AS MATERIALIZED (
  SELECT worded.operator_id, worded.package_id, worded.customer_id, worded.sequence, worded.place, worded.payload,
         -- Names may have 200 letters each: what is too long for one record is said in several.
         sum(octet_length(worded.payload) + octet_length(terms.payload) + octet_length(issuer.payload))
           OVER (PARTITION BY worded.place ORDER BY worded.operator_id, worded.sequence)
           / :bytes_a_set::bigint AS piece
    FROM worded
    JOIN terms ON terms.id = worded.package_id
    JOIN issuer ON issuer.id = worded.operator_id
), piece_rows AS (
  -- In whatever order they come: no reader goes by it, and to sort their texts took a microsecond each.
  SELECT placed.place, placed.piece, any_value(placed.customer_id) AS a_customer_id,
         string_agg(placed.payload, ',') AS payload
    FROM placed
   GROUP BY placed.place, placed.piece
), piece_terms AS (
  SELECT used.place, used.piece, string_agg(terms.payload, ',') AS payload
    FROM (SELECT DISTINCT placed.place, placed.piece, placed.package_id FROM placed) AS used
    JOIN terms ON terms.id = used.package_id
   GROUP BY used.place, used.piece
), piece_issuers AS (
  SELECT used.place, used.piece, string_agg(issuer.payload, ',') AS payload
    FROM (SELECT DISTINCT placed.place, placed.piece, placed.operator_id FROM placed) AS used
    JOIN issuer ON issuer.id = used.operator_id
   GROUP BY used.place, used.piece
), said AS (
  INSERT INTO outbox (lane, topic, key, type, payload, occurred_at)
  SELECT :lane, :topic, piece_rows.a_customer_id::text, :type,
         concat('{"run_id":"', :run_id::uuid, '","period":', to_json(:period::text), ',"issued_on":"',
                :issued_on::date, '","due_on":"', :due_on::date, '","currency":', to_json(:currency::text),
                ',"issued_at":"', :issued_at_text::text, '","version":1,"operators":[', piece_issuers.payload,
                '],"packages":[', piece_terms.payload, '],"invoices":[', piece_rows.payload, ']}'),
         :issued_at
    FROM piece_rows
    JOIN piece_terms USING (place, piece)
    JOIN piece_issuers USING (place, piece)
), said_alone AS (
  -- The bill of one customer, for whom somebody waits.
  INSERT INTO outbox (lane, topic, key, type, payload, occurred_at)
  SELECT :lane, :topic, billed.customer_id::text, :type_alone,
         concat('{"invoice_id":"', billed.invoice_id, '","number":"', billed.number, '","customer_id":"',
                billed.customer_id, '","customer_code":', to_json(billed.code), ',"customer_name":',
                to_json(billed.name), ',"customer_mobile":', coalesce(to_json(billed.mobile)::text, 'null'), ',',
                substr(issuer.payload, 2, length(issuer.payload) - 2), ',', substr(terms.payload, 2, length(terms.payload) - 2),
                ',"period":', to_json(:period::text), ',"issued_on":"', :issued_on::date, '","due_on":"',
                :due_on::date, '","currency":', to_json(:currency::text), ',"run_id":"', :run_id::uuid,
                '","reissue_of":null,"issued_at":"', :issued_at_text::text, '","version":1}'),
         :issued_at
    FROM billed
    JOIN terms ON terms.id = billed.package_id
    JOIN issuer ON issuer.id = billed.operator_id
   WHERE NOT :as_sets
   ORDER BY billed.operator_id, billed.sequence
), counted AS (
  SELECT decided.outcome, count(*) AS customers, sum(decided.total) AS total
    FROM decided
   GROUP BY decided.outcome
)
SELECT (SELECT coalesce(jsonb_object_agg(counted.outcome, counted.customers), '{}') FROM counted) AS outcomes,
       -- As text: many amounts may add up to more than a bigint holds.
       (SELECT coalesce(sum(counted.total), 0)::text FROM counted WHERE counted.outcome = 'created') AS total_minor,
       (SELECT json_agg(json_build_object(
                 'customer_id', decided.id, 'code', decided.code,
                 'outcome', CASE WHEN decided.outcome = 'already_billed' THEN 'already_billed'
                                 WHEN decided.outcome = ANY(:failures::text[]) THEN 'failed' ELSE 'skipped' END,
                 'reason', nullif(decided.outcome, 'already_billed'), 'invoice_id', decided.live_id)
                 ORDER BY decided.id)::text
          FROM decided
         WHERE decided.outcome <> 'created') AS entries,
       ARRAY(SELECT picked.id
               FROM picked
              WHERE picked.operator_id <> ALL(:operator_ids::uuid[])
              ORDER BY picked.id) AS left_ids
