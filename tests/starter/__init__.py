"""The starter evidence and its loader."""
