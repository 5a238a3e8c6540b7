-- A customer whose personal data was erased is a code of the books. Of the frozen invoice one thing may still
-- change: whom it names becomes that code, and nothing else.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

ALTER TABLE customer ADD COLUMN erased_at timestamptz;
-- No row was erased yet: there is nothing to check.
ALTER TABLE customer ADD CONSTRAINT customer_erased_is_a_code CHECK (
    erased_at IS NULL
    OR (status = 'closed' AND name = 'Erased customer ' || code AND mobile IS NULL AND alternate_mobile IS NULL
        AND address = '')) NOT VALID;

CREATE OR REPLACE TRIGGER invoice_is_frozen
    BEFORE UPDATE OF id, operator_id, customer_id, package_id, run_id, sequence, net_minor, vat_minor,
                     total_minor, issued_at, issued_on, due_on, vat_basis_points, period, currency, number,
                     operator_name, package_name, customer_code, reissue_of
    ON invoice FOR EACH ROW EXECUTE FUNCTION refuse_to_change_an_issued_invoice();
CREATE TRIGGER invoice_names_its_customer_or_an_erased_one
    BEFORE UPDATE OF customer_name, customer_mobile ON invoice FOR EACH ROW
    WHEN (NEW.customer_name <> 'Erased customer ' || OLD.customer_code OR NEW.customer_mobile IS NOT NULL)
    EXECUTE FUNCTION refuse_to_change_an_issued_invoice();
