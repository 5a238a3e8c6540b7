-- Another number of a customer, which a search finds as it finds the first.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

ALTER TABLE customer ADD COLUMN alternate_mobile text;

-- Several words each match, in any order: the trigram index takes all of them in one scan. A word of digits may be
-- of the other number, which has a small index of its own: widening `search` would write every customer anew.
CREATE OR REPLACE FUNCTION find_customers(top uuid, words text[], at_most integer) RETURNS SETOF uuid
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path FROM CURRENT SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    patterns text[] := ARRAY(SELECT '%' || replace(replace(replace(lower(word), '\', '\\'), '%', '\%'), '_', '\_') || '%'
                               FROM unnest(words) AS word);
    conditions text := (SELECT string_agg(format('search LIKE ($1)[%s]', place), ' AND ')
                          FROM generate_series(1, cardinality(patterns)) AS place);
    digits integer := (SELECT min(place) FROM generate_series(1, cardinality(words)) AS place
                        WHERE words[place] ~ '^[+]?[0-9]{4,}$');
    others text := (SELECT coalesce(string_agg(format(' AND search LIKE ($1)[%s]', place), ''), '')
                      FROM generate_series(1, cardinality(patterns)) AS place WHERE place <> digits);
    reach text := CASE WHEN top IS NULL THEN ''
                  ELSE ' AND operator_id = ANY (ARRAY(SELECT operator.id FROM operator WHERE path @> ARRAY[$2]))' END;
BEGIN
    RETURN QUERY EXECUTE
        'SELECT id FROM customer WHERE ' || conditions || reach
        || CASE WHEN digits IS NULL THEN ''
                ELSE format(' UNION SELECT id FROM customer WHERE alternate_mobile LIKE ($1)[%s]', digits)
                     || others || reach END
        || ' LIMIT $3'
        USING patterns, top, at_most;
END $$;
