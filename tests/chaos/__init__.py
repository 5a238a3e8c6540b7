"""What breaks only under many at once: programs with a seed, outside `make test` (see `make chaos`)."""
