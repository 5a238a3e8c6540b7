-- Several words each match, in any order: the trigram index takes all of them in one scan. A pattern is a text
-- that is to be found as it is; the reach is the mandatory first argument (null: everything), as before.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

CREATE FUNCTION find_customers(top uuid, words text[], at_most integer) RETURNS SETOF uuid
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path FROM CURRENT SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    patterns text[] := ARRAY(SELECT '%' || replace(replace(replace(lower(word), '\', '\\'), '%', '\%'), '_', '\_') || '%'
                               FROM unnest(words) AS word);
    conditions text := (SELECT string_agg(format('search LIKE ($1)[%s]', place), ' AND ')
                          FROM generate_series(1, cardinality(patterns)) AS place);
BEGIN
    RETURN QUERY EXECUTE
        'SELECT id FROM customer WHERE ' || conditions
        || CASE WHEN top IS NULL THEN ''
                ELSE ' AND operator_id = ANY (ARRAY(SELECT operator.id FROM operator WHERE path @> ARRAY[$2]))' END
        || ' LIMIT $3'
        USING patterns, top, at_most;
END $$;
REVOKE ALL ON FUNCTION find_customers(uuid, text[], integer) FROM public;
GRANT EXECUTE ON FUNCTION find_customers(uuid, text[], integer) TO gateway;
