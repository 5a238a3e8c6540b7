-- The list of payments: for whom each was taken, as payments says it, and search by a reference or by the id that
-- a partner or a provider gave it. What was projected before is put down to its bill's or customer's operator,
-- once and before any release.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

ALTER TABLE payment ADD COLUMN operator_id uuid;
UPDATE payment
   SET operator_id = coalesce((SELECT bill.operator_id FROM bill WHERE bill.id = payment.bill_id),
                              (SELECT customer.operator_id FROM customer WHERE customer.id = payment.customer_id));

-- First what most rows are decided by; a customer who moved in brings what they paid elsewhere.
ALTER POLICY payment_reach ON payment
    USING ((SELECT reaches_all())
           OR operator_id IN (SELECT operator.id FROM operator WHERE operator.path @> ARRAY[(SELECT reach_top())])
           OR EXISTS (SELECT 1 FROM customer WHERE customer.id = payment.customer_id)
           OR EXISTS (SELECT 1 FROM payment_allocation WHERE payment_allocation.payment_id = payment.id));

-- As search for bills: with the top of the subtree as a mandatory argument (null: everything).
CREATE FUNCTION find_payments(top uuid, words text, at_most integer) RETURNS SETOF uuid
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path FROM CURRENT SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    pattern text := replace(replace(replace(upper(words), '\', '\\'), '%', '\%'), '_', '\_') || '%';
BEGIN
    RETURN QUERY EXECUTE
        'SELECT id FROM payment WHERE (upper(reference) LIKE $1 OR upper(external_id) LIKE $1)'
        || CASE WHEN top IS NULL THEN ''
                ELSE ' AND operator_id IN (SELECT operator.id FROM operator WHERE path @> ARRAY[$2])' END
        || ' LIMIT $3'
        USING pattern, top, at_most;
END $$;
REVOKE ALL ON FUNCTION find_payments(uuid, text, integer) FROM public;
GRANT EXECUTE ON FUNCTION find_payments(uuid, text, integer) TO gateway;
