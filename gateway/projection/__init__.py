"""The projector: keeps the read model in a process of its own, so that reading and projecting scale apart."""
