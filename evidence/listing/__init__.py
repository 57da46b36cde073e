"""Columns, filters and formats of a listing, whatever it lists."""
