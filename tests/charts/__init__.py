"""Promises of the charts."""
