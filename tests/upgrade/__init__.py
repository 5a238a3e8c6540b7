"""What an upgrade has to stand: programs outside `make test`, for before a release (docs/upgrading.md)."""
