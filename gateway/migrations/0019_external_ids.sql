-- What a partner or a payment gateway calls a payment: whoever asks about it knows it by this.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

ALTER TABLE payment ADD COLUMN external_id text;
