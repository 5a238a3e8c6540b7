-- A reader's reach is the operator whose subtree they see, and its subtree is found by the path: a list of
-- everyone in it was 370 kB a request with 10,000 resellers. Each statement finds the subtree once, in a
-- hashed sub-select. The list in `app.reach` goes with the next release, when no process of the last one sends it.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

CREATE FUNCTION reach_top() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('app.top', true), '')::uuid;

ALTER POLICY bill_reach ON bill
    USING ((SELECT reaches_all())
           OR operator_id IN (SELECT operator.id FROM operator WHERE operator.path @> ARRAY[(SELECT reach_top())])
           OR operator_id = ANY ((SELECT reach())::uuid[]));
ALTER POLICY bill_total_reach ON bill_total
    USING ((SELECT reaches_all())
           OR operator_id IN (SELECT operator.id FROM operator WHERE operator.path @> ARRAY[(SELECT reach_top())])
           OR operator_id = ANY ((SELECT reach())::uuid[]));
ALTER POLICY customer_reach ON customer
    USING ((SELECT reaches_all())
           OR operator_id IN (SELECT operator.id FROM operator WHERE operator.path @> ARRAY[(SELECT reach_top())])
           OR operator_id = ANY ((SELECT reach())::uuid[]));
ALTER POLICY held_payment_reach ON held_payment
    USING ((SELECT reaches_all())
           OR operator_id IN (SELECT operator.id FROM operator WHERE operator.path @> ARRAY[(SELECT reach_top())])
           OR operator_id = ANY ((SELECT reach())::uuid[]));
ALTER POLICY partner_reach ON partner
    USING ((SELECT reaches_all())
           OR operator_id IN (SELECT operator.id FROM operator WHERE operator.path @> ARRAY[(SELECT reach_top())])
           OR operator_id = ANY ((SELECT reach())::uuid[]));
ALTER POLICY run_reach ON run
    USING ((SELECT reaches_all())
           OR operator_id IN (SELECT operator.id FROM operator WHERE operator.path @> ARRAY[(SELECT reach_top())])
           OR operator_id = ANY ((SELECT reach())::uuid[])
           OR EXISTS (SELECT 1 FROM customer WHERE customer.id = run.customer_id));

-- As before, with the top of the subtree as the mandatory argument (null: everything).
CREATE FUNCTION find_customers(top uuid, words text, at_most integer) RETURNS SETOF uuid
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path FROM CURRENT SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    pattern text := '%' || replace(replace(replace(lower(words), '\', '\\'), '%', '\%'), '_', '\_') || '%';
BEGIN
    RETURN QUERY EXECUTE
        'SELECT id FROM customer WHERE search LIKE $1'
        || CASE WHEN top IS NULL THEN ''
                ELSE ' AND operator_id = ANY (ARRAY(SELECT operator.id FROM operator WHERE path @> ARRAY[$2]))' END
        || ' LIMIT $3'
        USING pattern, top, at_most;
END $$;
REVOKE ALL ON FUNCTION find_customers(uuid, text, integer) FROM public;
GRANT EXECUTE ON FUNCTION find_customers(uuid, text, integer) TO gateway;

CREATE FUNCTION find_bills(top uuid, words text, at_most integer) RETURNS SETOF uuid
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path FROM CURRENT SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    pattern text := replace(replace(replace(upper(words), '\', '\\'), '%', '\%'), '_', '\_') || '%';
BEGIN
    RETURN QUERY EXECUTE
        'SELECT id FROM bill WHERE issued_on IS NOT NULL AND number LIKE $1'
        || CASE WHEN top IS NULL THEN ''
                ELSE ' AND operator_id IN (SELECT operator.id FROM operator WHERE path @> ARRAY[$2])' END
        || ' LIMIT $3'
        USING pattern, top, at_most;
END $$;
REVOKE ALL ON FUNCTION find_bills(uuid, text, integer) FROM public;
GRANT EXECUTE ON FUNCTION find_bills(uuid, text, integer) TO gateway;
