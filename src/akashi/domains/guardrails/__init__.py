"""Guardrails: personal and confidential data, hijacking, ungrounded or copied output."""
