"""What readers ask for over HTTP: views, errors, probes."""
