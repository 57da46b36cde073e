"""The promises of il2tracker, each as a test."""
