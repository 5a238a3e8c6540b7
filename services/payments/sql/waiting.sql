-- name: park_command!
INSERT INTO waiting_command (command_id, invoice_id, customer_id, command, envelope, since)
VALUES (:command_id, :invoice_id, :customer_id, :command::jsonb, :envelope::jsonb, :since)
    ON CONFLICT DO NOTHING

-- name: take_ripe_commands
-- Ripe: what it waits for is known now (the operator too, where a reach is asked), or it has waited long enough.
DELETE FROM waiting_command
 WHERE command_id IN (
       SELECT waiting_command.command_id
         FROM waiting_command
        WHERE waiting_command.since < :waited_since
           OR CASE WHEN waiting_command.invoice_id IS NULL
                   THEN EXISTS (SELECT 1 FROM customer_known
                                  LEFT JOIN operator_known
                                    ON operator_known.operator_id = customer_known.operator_id
                                 WHERE customer_known.customer_id = waiting_command.customer_id
                                   AND (operator_known.operator_id IS NOT NULL
                                        OR waiting_command.command ->> 'scope' IS NULL))
                   ELSE EXISTS (SELECT 1 FROM receivable
                                  LEFT JOIN operator_known
                                    ON operator_known.operator_id = receivable.operator_id
                                 WHERE receivable.invoice_id = waiting_command.invoice_id
                                   AND (operator_known.operator_id IS NOT NULL
                                        OR waiting_command.command ->> 'scope' IS NULL)) END
        ORDER BY waiting_command.since, waiting_command.command_id
        LIMIT 500
          FOR UPDATE SKIP LOCKED)
RETURNING command_id, command, envelope, since
