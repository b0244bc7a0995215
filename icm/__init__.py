"""Wiring: settings, addresses, the server. No domain lives here."""
