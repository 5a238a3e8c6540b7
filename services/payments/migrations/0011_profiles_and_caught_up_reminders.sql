-- What an operator calls itself on its documents, for the payment page and for messages; and up to which day
-- a reminder rule has been carried out, so that a day on which the service was down is caught up.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

CREATE TABLE operator_profile (
    operator_id uuid NOT NULL,
    name        text,
    phone       text,
    address     text,
    language    text,
    has_logo    boolean,
    version     bigint NOT NULL,
    CONSTRAINT operator_profile_pk PRIMARY KEY (operator_id)
);

-- As documents have it: each field is the nearest operator's that has one of its own; without any name, the ISP's.
CREATE VIEW operator_shown AS
SELECT operator_known.operator_id, operator_known.path,
       coalesce(nearest.name, root.name, operator_known.name) AS name, nearest.phone, nearest.address,
       coalesce(nearest.language, 'en') AS language, coalesce(nearest.has_logo, FALSE) AS has_logo
  FROM operator_known
  LEFT JOIN operator_known AS root ON root.operator_id = operator_known.path[1]
 CROSS JOIN LATERAL (
       SELECT (array_agg(own.name ORDER BY own.level DESC) FILTER (WHERE own.name IS NOT NULL))[1] AS name,
              (array_agg(own.phone ORDER BY own.level DESC) FILTER (WHERE own.phone IS NOT NULL))[1] AS phone,
              (array_agg(own.address ORDER BY own.level DESC) FILTER (WHERE own.address IS NOT NULL))[1] AS address,
              (array_agg(own.language ORDER BY own.level DESC) FILTER (WHERE own.language IS NOT NULL))[1] AS language,
              (array_agg(own.has_logo ORDER BY own.level DESC) FILTER (WHERE own.has_logo IS NOT NULL))[1] AS has_logo
         FROM (SELECT operator_profile.name, operator_profile.phone, operator_profile.address,
                      operator_profile.language, operator_profile.has_logo,
                      array_position(operator_known.path, operator_profile.operator_id) AS level
                 FROM operator_profile
                WHERE operator_profile.operator_id = ANY (operator_known.path)) AS own) AS nearest;

-- Constant defaults rewrite nothing.
-- squawk-ignore adding-field-with-default
ALTER TABLE reminder_rule ADD COLUMN language text NOT NULL DEFAULT 'operator';
ALTER TABLE reminder_rule ADD COLUMN done_through date;
