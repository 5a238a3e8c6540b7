-- Several words each match, in any order. A mobile, if there is one, goes to the index alone, by its end, for all
-- begin alike, and the rest is looked for in what it finds: the trigrams of a beginning are in every customer, and
-- their lists were read for nothing. Without one the words go there, and a few digits beside them do not. A word of
-- digits may be of the other number, which has a small index of its own.
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
    conditions text := (SELECT string_agg(CASE WHEN number IS NULL AND (words[place] !~ '^[+]?[0-9]{1,6}$'
                                                                        OR cardinality(words) = 1)
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
