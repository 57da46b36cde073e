"""Format values in templates; query nothing."""
