"""Tests of evidence.listing."""
