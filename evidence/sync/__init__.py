"""Bring records in from registries without overwriting a curator's word."""
