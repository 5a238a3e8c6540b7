-- name: an_operator_is_known_to_all
SELECT 'gateway.operator' AS relation, coalesce(operator.id, shown.id, known.operator_id)::text AS id,
       'version ' || coalesce(operator.version, 0) AS expected,
       'version ' || coalesce(shown.version, 0) || ' in gateway and ' || coalesce(known.version, 0)
         || ' in payments' AS found
  FROM invoicing.operator
  FULL JOIN gateway.operator AS shown ON shown.id = operator.id
  FULL JOIN payments.operator_known AS known ON known.operator_id = coalesce(operator.id, shown.id)
 WHERE (coalesce(shown.version, 0), coalesce(known.version, 0), shown.path, shown.name)
       IS DISTINCT FROM (coalesce(operator.version, 0), coalesce(operator.version, 0), operator.path, operator.name)

-- name: a_package_is_known_to_the_gateway
SELECT 'gateway.package' AS relation, coalesce(package.id, shown.id)::text AS id,
       'version ' || coalesce(package.version, 0) || ' price ' || coalesce(package.price_minor, 0) AS expected,
       'version ' || coalesce(shown.version, 0) || ' price ' || coalesce(shown.price_minor, 0) AS found
  FROM invoicing.package
  FULL JOIN gateway.package AS shown ON shown.id = package.id
 WHERE (package.version, package.price_minor, package.vat_basis_points, package.name)
       IS DISTINCT FROM (shown.version, shown.price_minor, shown.vat_basis_points, shown.name)

-- name: a_customer_is_known_to_the_gateway
SELECT 'gateway.customer' AS relation, coalesce(customer.id, shown.id)::text AS id,
       'version ' || coalesce(customer.version, 0) || ' code ' || coalesce(customer.code, 'none') AS expected,
       'version ' || coalesce(shown.version, 0) || ' code ' || coalesce(shown.code, 'none') AS found
  FROM invoicing.customer
  FULL JOIN gateway.customer AS shown ON shown.id = customer.id
 WHERE (customer.version, customer.code, customer.operator_id, customer.status)
       IS DISTINCT FROM (shown.version, shown.code, shown.operator_id, shown.status)

-- name: a_customer_is_known_to_payments
SELECT 'payments.customer_known' AS relation, coalesce(customer.id, known.customer_id)::text AS id,
       'version ' || coalesce(customer.version, 0) || ' code ' || coalesce(customer.code, 'none') AS expected,
       'version ' || coalesce(known.version, 0) || ' code ' || coalesce(known.code, 'none') AS found
  FROM invoicing.customer
  FULL JOIN payments.customer_known AS known ON known.customer_id = customer.id
 WHERE (customer.version, customer.code, customer.operator_id)
       IS DISTINCT FROM (known.version, known.code, known.operator_id)
