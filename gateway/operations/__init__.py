"""One write, from its request to the event that ends it."""
