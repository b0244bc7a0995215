"""Fixtures for every test; what comes from outside is in services.py."""

pytest_plugins = ["tests.services"]
