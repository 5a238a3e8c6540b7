-- As before, but a few digits beside words go to the index with them: read together, the lists of both leap over
-- whatever one of them lacks, where each customer of a frequent name was fetched to look for the digits.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

CREATE OR REPLACE FUNCTION find_customers(top uuid, words text[], at_most integer) RETURNS SETOF uuid
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path FROM CURRENT SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    patterns text[] := ARRAY(SELECT '%' || replace(replace(replace(lower(word), '\', '\\'), '%', '\%'), '_', '\_') || '%'
                               FROM unnest(words) AS word);
    number integer := (SELECT place FROM generate_series(1, cardinality(words)) AS place
                        WHERE words[place] ~ '^[+]?[0-9]{7,}$' ORDER BY length(words[place]) DESC LIMIT 1);
    ending text := '%' || right(words[number], greatest(length(words[number]) - 6, 5)) || '%';
    -- An empty text behind `search` keeps a word from the index.
    conditions text := (SELECT string_agg(CASE WHEN number IS NULL
                                               THEN format('search LIKE ($1)[%s]', place)
                                               ELSE format('search || '''' LIKE ($1)[%s]', place) END, ' AND ')
                          FROM generate_series(1, cardinality(patterns)) AS place)
                       || CASE WHEN number IS NULL THEN '' ELSE ' AND search LIKE $4' END;
    digits integer := (SELECT min(place) FROM generate_series(1, cardinality(words)) AS place
                        WHERE words[place] ~ '^[+]?[0-9]{4,}$');
    others text := (SELECT coalesce(string_agg(format(' AND search || '''' LIKE ($1)[%s]', place), ''), '')
                      FROM generate_series(1, cardinality(patterns)) AS place WHERE place <> digits);
    below uuid[] := CASE WHEN top IS NOT NULL
                    THEN ARRAY(SELECT operator.id FROM operator WHERE path @> ARRAY[top]) END;
    reach text := CASE WHEN top IS NULL THEN '' ELSE ' AND operator_id = ANY ($2)' END;
BEGIN
    -- The operators are told by name, so that the plan is made for as many as they are.
    RETURN QUERY EXECUTE
        'SELECT id FROM customer WHERE ' || conditions || reach
        || CASE WHEN digits IS NULL THEN ''
                ELSE format(' UNION SELECT id FROM customer WHERE alternate_mobile LIKE ($1)[%s]', digits)
                     || others || reach END
        || ' LIMIT $3'
        USING patterns, below, at_most, ending;
END $$;
