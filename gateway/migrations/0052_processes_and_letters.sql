-- What processes say of themselves, and where exactly a letter lay: the page that shows who needs a person.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

CREATE TABLE process_report (
    instance    uuid NOT NULL,
    process     text NOT NULL,
    reported_at timestamptz NOT NULL,
    report      jsonb NOT NULL,
    CONSTRAINT process_report_pk PRIMARY KEY (instance)
);
-- The whole installation's business: nobody below the root sees them.
ALTER TABLE process_report ENABLE ROW LEVEL SECURITY;
CREATE POLICY process_report_reach ON process_report FOR SELECT TO gateway USING ((SELECT reaches_all()));
CREATE POLICY process_report_projection ON process_report TO projector USING (true) WITH CHECK (true);

ALTER TABLE parked_letter ADD COLUMN partition integer, ADD COLUMN "offset" bigint, ADD COLUMN kind text;
