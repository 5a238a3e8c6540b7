-- name: see_as!
-- What this transaction may see, in the one place that says so; plans are made for the very values.
SELECT set_config('app.reach', CASE WHEN :top::uuid IS NULL THEN 'all' ELSE '' END, true),
       set_config('app.top', coalesce((:top)::text, ''), true), set_config('plan_cache_mode', 'force_custom_plan', true)
