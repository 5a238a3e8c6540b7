"""What goes in and out of the gateway, a noun a file; filters and cursors of lists."""
