-- name: park_command!
INSERT INTO waiting_command (command_id, invoice_id, customer_id, command, envelope, since)
VALUES (:command_id, :invoice_id, :customer_id, :command::jsonb, :envelope::jsonb, :since)
    ON CONFLICT DO NOTHING

-- name: take_ripe_commands
-- Ripe: what it waits for is known now, or it has waited long enough.
DELETE FROM waiting_command
 WHERE command_id IN (
       SELECT waiting_command.command_id
         FROM waiting_command
        WHERE waiting_command.since < :waited_since
           OR CASE WHEN waiting_command.invoice_id IS NULL
                   THEN EXISTS (SELECT 1 FROM customer_known
                                 WHERE customer_known.customer_id = waiting_command.customer_id)
                   ELSE EXISTS (SELECT 1 FROM receivable
                                 WHERE receivable.invoice_id = waiting_command.invoice_id) END
        ORDER BY waiting_command.since, waiting_command.command_id
        LIMIT 500
          FOR UPDATE SKIP LOCKED)
RETURNING command_id, command, envelope, since
