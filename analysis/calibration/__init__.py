"""Calibration: how often a detector is right, measured where the truth is known."""
