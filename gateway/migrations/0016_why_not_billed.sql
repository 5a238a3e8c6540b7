-- A run over everything is the ISP's, and its figures are no reseller's business; what it did about a customer
-- is told to whoever sees the customer. So the run is looked at as the owner, and the entry by the caller.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

CREATE FUNCTION real_runs_of(period_of_runs text) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
SELECT id FROM run WHERE period = period_of_runs AND NOT dry_run
$$;
REVOKE ALL ON FUNCTION real_runs_of(text) FROM public;
GRANT EXECUTE ON FUNCTION real_runs_of(text) TO gateway;
