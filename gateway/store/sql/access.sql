-- name: see_as!
-- What this transaction may see, in the one place that says so; plans are made for the very values.
SELECT set_config('app.reach', :reach, true), set_config('plan_cache_mode', 'force_custom_plan', true)
