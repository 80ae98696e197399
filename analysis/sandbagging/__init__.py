"""Sandbagging: a gap between arms that an incentive explains, or nothing does."""
