"""Charts as SVG text, from plain values."""
