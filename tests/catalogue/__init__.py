"""Tests of evidence.catalogue."""
