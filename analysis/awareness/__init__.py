"""Whether an agent took its situation for a test: four channels, never merged."""
