"""The services: independent of each other, joined only by the topics of `shared.contracts`."""
