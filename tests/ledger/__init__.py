"""Tests of evidence.ledger."""
