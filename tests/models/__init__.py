"""What the tables, their constraints and their querysets promise."""
