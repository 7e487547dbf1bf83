"""The sample institution 汐見銀行 (Shiomi Bank), fictional, and how it is set up."""
