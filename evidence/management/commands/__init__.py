"""Each command parses its arguments, calls one use-case and prints a tally."""
