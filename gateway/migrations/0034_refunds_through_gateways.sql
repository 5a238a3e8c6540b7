-- Money of a payment on its way back through the gateway that took it, until that has answered.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

CREATE TABLE provider_refund (
    id           uuid NOT NULL,
    payment_id   uuid NOT NULL,
    customer_id  uuid NOT NULL,
    amount_minor bigint NOT NULL,
    provider     text,
    reason       text,
    asked_by     text,
    asked_at     timestamptz,
    state        text NOT NULL DEFAULT 'started',
    external_id  text,
    detail       text,
    CONSTRAINT provider_refund_pk PRIMARY KEY (id)
);
CREATE INDEX provider_refund_by_payment ON provider_refund (payment_id);
