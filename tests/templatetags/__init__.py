"""Tests of templatetags."""
