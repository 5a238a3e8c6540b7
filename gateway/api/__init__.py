"""The JSON API, /api/v1: reads from the read model, writes as commands, refusals as problem documents."""
