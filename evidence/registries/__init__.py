"""Registry and literature payloads in, frozen records out."""
