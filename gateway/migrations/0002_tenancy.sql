-- Row-level security: a reader sees what `app.reach` names, the operators of their subtree or `all`.
-- The settings are read in sub-selects, once a statement and not once a row.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

CREATE FUNCTION reaches_all() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(current_setting('app.reach', true), '') = 'all';

CREATE FUNCTION reach() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE WHEN coalesce(current_setting('app.reach', true), '') IN ('', 'all') THEN '{}'
            ELSE current_setting('app.reach', true) END::uuid[];

ALTER TABLE bill ENABLE ROW LEVEL SECURITY;
CREATE POLICY bill_reach ON bill FOR SELECT TO gateway
    USING ((SELECT reaches_all()) OR operator_id = ANY ((SELECT reach())::uuid[]));
CREATE POLICY bill_projection ON bill TO projector USING (true) WITH CHECK (true);

ALTER TABLE bill_total ENABLE ROW LEVEL SECURITY;
CREATE POLICY bill_total_reach ON bill_total FOR SELECT TO gateway
    USING ((SELECT reaches_all()) OR operator_id = ANY ((SELECT reach())::uuid[]));
CREATE POLICY bill_total_projection ON bill_total TO projector USING (true) WITH CHECK (true);

ALTER TABLE customer ENABLE ROW LEVEL SECURITY;
CREATE POLICY customer_reach ON customer FOR SELECT TO gateway
    USING ((SELECT reaches_all()) OR operator_id = ANY ((SELECT reach())::uuid[]));
CREATE POLICY customer_projection ON customer TO projector USING (true) WITH CHECK (true);

ALTER TABLE customer_account ENABLE ROW LEVEL SECURITY;
CREATE POLICY customer_account_reach ON customer_account FOR SELECT TO gateway
    USING ((SELECT reaches_all()) OR EXISTS (SELECT 1 FROM customer WHERE customer.id = customer_id));
CREATE POLICY customer_account_projection ON customer_account TO projector USING (true) WITH CHECK (true);

ALTER TABLE payment_allocation ENABLE ROW LEVEL SECURITY;
CREATE POLICY payment_allocation_reach ON payment_allocation FOR SELECT TO gateway
    USING ((SELECT reaches_all()) OR EXISTS (SELECT 1 FROM bill WHERE bill.id = bill_id));
CREATE POLICY payment_allocation_projection ON payment_allocation TO projector USING (true) WITH CHECK (true);

-- A customer may have moved: who issued the bill still sees what settled it.
ALTER TABLE payment ENABLE ROW LEVEL SECURITY;
CREATE POLICY payment_reach ON payment FOR SELECT TO gateway
    USING ((SELECT reaches_all())
           OR EXISTS (SELECT 1 FROM customer WHERE customer.id = payment.customer_id)
           OR EXISTS (SELECT 1 FROM payment_allocation WHERE payment_allocation.payment_id = payment.id));
CREATE POLICY payment_projection ON payment TO projector USING (true) WITH CHECK (true);

ALTER TABLE held_payment ENABLE ROW LEVEL SECURITY;
CREATE POLICY held_payment_reach ON held_payment FOR SELECT TO gateway
    USING ((SELECT reaches_all()) OR operator_id = ANY ((SELECT reach())::uuid[]));
CREATE POLICY held_payment_projection ON held_payment TO projector USING (true) WITH CHECK (true);

ALTER TABLE partner ENABLE ROW LEVEL SECURITY;
CREATE POLICY partner_reach ON partner FOR SELECT TO gateway
    USING ((SELECT reaches_all()) OR operator_id = ANY ((SELECT reach())::uuid[]));
CREATE POLICY partner_projection ON partner TO projector USING (true) WITH CHECK (true);

ALTER TABLE run ENABLE ROW LEVEL SECURITY;
CREATE POLICY run_reach ON run FOR SELECT TO gateway
    USING ((SELECT reaches_all()) OR operator_id = ANY ((SELECT reach())::uuid[])
           OR EXISTS (SELECT 1 FROM customer WHERE customer.id = run.customer_id));
CREATE POLICY run_projection ON run TO projector USING (true) WITH CHECK (true);

ALTER TABLE run_entry ENABLE ROW LEVEL SECURITY;
CREATE POLICY run_entry_reach ON run_entry FOR SELECT TO gateway
    USING ((SELECT reaches_all()) OR EXISTS (SELECT 1 FROM customer WHERE customer.id = customer_id));
CREATE POLICY run_entry_projection ON run_entry TO projector USING (true) WITH CHECK (true);

-- Search runs as the owner: under row-level security the trigram index cannot be used. The reach is its
-- first argument for that reason (null: everything); EXECUTE plans for the very words, not for any.
CREATE FUNCTION find_customers(reach uuid[], words text, at_most integer) RETURNS SETOF uuid
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path FROM CURRENT SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    pattern text := '%' || replace(replace(replace(lower(words), '\', '\\'), '%', '\%'), '_', '\_') || '%';
BEGIN
    RETURN QUERY EXECUTE
        'SELECT id FROM customer WHERE search LIKE $1'
        || CASE WHEN reach IS NULL THEN '' ELSE ' AND operator_id = ANY ($2)' END || ' LIMIT $3'
        USING pattern, reach, at_most;
END $$;
REVOKE ALL ON FUNCTION find_customers(uuid[], text, integer) FROM public;
GRANT EXECUTE ON FUNCTION find_customers(uuid[], text, integer) TO gateway;

CREATE FUNCTION find_bills(reach uuid[], words text, at_most integer) RETURNS SETOF uuid
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path FROM CURRENT SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    pattern text := replace(replace(replace(upper(words), '\', '\\'), '%', '\%'), '_', '\_') || '%';
BEGIN
    RETURN QUERY EXECUTE
        'SELECT id FROM bill WHERE issued_on IS NOT NULL AND number LIKE $1'
        || CASE WHEN reach IS NULL THEN '' ELSE ' AND operator_id = ANY ($2)' END || ' LIMIT $3'
        USING pattern, reach, at_most;
END $$;
REVOKE ALL ON FUNCTION find_bills(uuid[], text, integer) FROM public;
GRANT EXECUTE ON FUNCTION find_bills(uuid[], text, integer) TO gateway;
