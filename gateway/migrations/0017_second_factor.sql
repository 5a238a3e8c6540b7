-- Two-factor sign-in: the sealed secret, the time step of the last code that was taken, and what is left of the
-- recovery codes, hashed. Null where a user has none.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

ALTER TABLE user_account ADD COLUMN second_factor bytea;
ALTER TABLE user_account ADD COLUMN second_factor_step bigint;
ALTER TABLE user_account ADD COLUMN recovery_codes bytea[];
