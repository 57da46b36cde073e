"""The site around the evidence app: settings, addresses, middleware and the log."""
