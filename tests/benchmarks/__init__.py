"""Benchmarks: ratios against a real peer, measured in one run; never timed tests."""
