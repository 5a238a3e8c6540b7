"""The gateway's rows: projections written by the projector, and what the gateway itself keeps."""
