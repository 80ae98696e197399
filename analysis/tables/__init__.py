"""Tidy tables of a study, as frames and as Parquet."""
