-- migrate: no-transaction
-- How many items of an action are on their way: asked ten times a second while documents are made.
SET lock_timeout = '5s';
SET statement_timeout = 0;

CREATE INDEX CONCURRENTLY IF NOT EXISTS bulk_action_item_on_its_way ON bulk_action_item (action_id)
    WHERE state = 'pending' AND command_id IS NOT NULL;
