"""Whole journeys through the site: several people at once, and programs that die half way."""
