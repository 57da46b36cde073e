"""Judges from outside, over HTTP: W3C's validator and Lighthouse."""
