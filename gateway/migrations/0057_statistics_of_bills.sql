-- Nothing is planned by these columns: no list is filtered, grouped or joined by them. To sort samples of all of them
-- took ANALYZE, which a month's bills bring about each time, more than half of its time.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

ALTER TABLE bill
    ALTER COLUMN currency SET STATISTICS 0,
    ALTER COLUMN net_minor SET STATISTICS 0,
    ALTER COLUMN vat_minor SET STATISTICS 0,
    ALTER COLUMN vat_basis_points SET STATISTICS 0,
    ALTER COLUMN paid_minor SET STATISTICS 0,
    ALTER COLUMN invoice_version SET STATISTICS 0,
    ALTER COLUMN receivable_version SET STATISTICS 0,
    ALTER COLUMN receivable_status SET STATISTICS 0,
    ALTER COLUMN reissue_of SET STATISTICS 0,
    ALTER COLUMN reissued_as SET STATISTICS 0,
    ALTER COLUMN issued_at SET STATISTICS 0,
    ALTER COLUMN voided_at SET STATISTICS 0,
    ALTER COLUMN operator_name SET STATISTICS 0,
    ALTER COLUMN package_name SET STATISTICS 0,
    ALTER COLUMN customer_code SET STATISTICS 0,
    ALTER COLUMN customer_name SET STATISTICS 0,
    ALTER COLUMN customer_mobile SET STATISTICS 0,
    ALTER COLUMN void_reason SET STATISTICS 0,
    ALTER COLUMN voided_by SET STATISTICS 0,
    ALTER COLUMN lines SET STATISTICS 0;
