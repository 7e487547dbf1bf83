"""The sample institution 汐見銀行 (Shiomi Bank), fictional, and how it is set up."""

SEEDED = "sample_seeded_at"
"""Stands in the database, with the moment, once the sample bank is set up."""
