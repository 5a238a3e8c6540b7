-- Money or a command may be in an open letter: whoever closes it decides, and only then may its record be blanked.
-- Nothing else is ever put in the place of a record.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

CREATE FUNCTION refuse_to_change_a_record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the record of a letter is kept while the letter is open, and never changed into another'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER dead_letter_is_kept_whole BEFORE UPDATE OF key, value, headers ON dead_letter FOR EACH ROW
    WHEN ((NEW.key, NEW.value, NEW.headers) IS DISTINCT FROM (OLD.key, OLD.value, OLD.headers)
          AND NOT (OLD.closed_at IS NOT NULL AND NEW.key IS NULL AND NEW.value IS NULL AND NEW.headers = '[]'))
    EXECUTE FUNCTION refuse_to_change_a_record();
