-- ISP profiles in versions, what waits to be rendered, and the files that were.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

CREATE TABLE operator (
    operator_id uuid NOT NULL,
    name        text NOT NULL,
    path        uuid[] NOT NULL,
    version     bigint NOT NULL,
    CONSTRAINT operator_pk PRIMARY KEY (operator_id)
);

CREATE TABLE billing_settings (
    single    boolean NOT NULL DEFAULT TRUE,
    time_zone text NOT NULL,
    currency  text NOT NULL,
    version   bigint NOT NULL,
    CONSTRAINT billing_settings_pk PRIMARY KEY (single),
    CONSTRAINT billing_settings_is_one_row CHECK (single)
);

-- Append only: an invoice shows the version that was valid when it was issued.
CREATE TABLE isp_profile (
    operator_id uuid NOT NULL,
    version     bigint NOT NULL,
    valid_from  timestamptz NOT NULL,
    fields      jsonb NOT NULL,
    logo        jsonb,
    no_logo     boolean NOT NULL,
    changed_by  text NOT NULL,
    CONSTRAINT isp_profile_pk PRIMARY KEY (operator_id, version),
    CONSTRAINT isp_profile_has_a_logo_or_none CHECK (NOT (no_logo AND logo IS NOT NULL))
);

CREATE FUNCTION refuse_to_change_a_profile() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a profile''s version is never changed' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER isp_profile_is_kept
    BEFORE UPDATE OR DELETE ON isp_profile FOR EACH ROW EXECUTE FUNCTION refuse_to_change_a_profile();

-- A command that waits to be carried out, or is: it leaves with its end. The frozen invoice is here no longer
-- than that.
CREATE TABLE rendering (
    document_id    uuid NOT NULL,
    kind           text NOT NULL,
    command_id     uuid NOT NULL,
    envelope       jsonb NOT NULL,
    command        jsonb NOT NULL,
    lane           smallint NOT NULL,
    bulk_action_id uuid,
    position       bigint NOT NULL,
    attempts       bigint NOT NULL DEFAULT 0,
    not_before     timestamptz NOT NULL,
    give_up_at     timestamptz NOT NULL,
    holder         uuid,
    lease_until    timestamptz,
    CONSTRAINT rendering_pk PRIMARY KEY (document_id),
    CONSTRAINT rendering_kind_is_known
        CHECK (kind IN ('invoice', 'receipt', 'statement', 'preview', 'print-file', 'isp-profile')),
    CONSTRAINT rendering_held_has_a_lease CHECK ((holder IS NULL) = (lease_until IS NULL))
);
CREATE INDEX rendering_next ON rendering (lane, bulk_action_id, position, not_before);

-- What is in the blob store, by what it shows.
CREATE TABLE file (
    blob_key   text COLLATE "C" NOT NULL,
    media_type text NOT NULL,
    size_bytes bigint NOT NULL,
    sha256     text NOT NULL,
    crc32      bigint NOT NULL,
    pages      bigint NOT NULL,
    picture    jsonb,
    as_of      timestamptz NOT NULL,
    used_at    timestamptz NOT NULL,
    CONSTRAINT file_pk PRIMARY KEY (blob_key)
);
CREATE INDEX file_by_use ON file (used_at);

-- The files of a bulk action, in the order in which they are joined.
CREATE TABLE bulk_file (
    bulk_action_id uuid NOT NULL,
    position       bigint NOT NULL,
    document_id    uuid NOT NULL,
    blob_key       text NOT NULL,
    made_at        timestamptz NOT NULL,
    CONSTRAINT bulk_file_pk PRIMARY KEY (bulk_action_id, position, document_id)
);
CREATE INDEX bulk_file_by_age ON bulk_file USING brin (made_at);

-- A republish whose last message has not left the outbox yet.
CREATE TABLE republish (
    command_id     uuid NOT NULL,
    envelope       jsonb NOT NULL,
    last_outbox_id bigint NOT NULL,
    CONSTRAINT republish_pk PRIMARY KEY (command_id)
);
