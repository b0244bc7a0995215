"""The chain over the logs: digests, sealing, checking, and what the database refuses (ADR 0031)."""
