"""Promises of the rule."""
