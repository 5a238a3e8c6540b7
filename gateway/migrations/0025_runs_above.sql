-- A run that the ISP asked for (or that came by itself) bills a reseller's customers too, and they see that it
-- was; its figures are no reseller's business. So the run is looked at as the owner, without what it counted, and
-- its customers are counted by the caller, who sees their own.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

CREATE FUNCTION runs_above() RETURNS TABLE (
    id uuid, kind text, state text, period text, currency text, started_at timestamptz, completed_at timestamptz,
    version bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
SELECT run.id, run.kind, run.state, run.period, run.currency, run.started_at, run.completed_at, run.version
  FROM run
 WHERE (SELECT reach_top()) IS NOT NULL AND NOT run.dry_run AND run.customer_id IS NULL
   AND (run.operator_id IS NULL
        OR run.operator_id IN (SELECT unnest(operator.path) FROM operator WHERE operator.id = (SELECT reach_top())))
   AND run.operator_id IS DISTINCT FROM (SELECT reach_top())
$$;
REVOKE ALL ON FUNCTION runs_above() FROM public;
GRANT EXECUTE ON FUNCTION runs_above() TO gateway;
