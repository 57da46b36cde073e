"""What is known of interleukin-2 in disease: one row per question, with its sources."""
