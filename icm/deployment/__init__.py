"""What a server refuses to start with: settings (`options.py`), and what the database says (`stored.py`).

`checks.py` hands both to Django's check framework, `start.py` asks them when the server starts (ADR 0044).
"""

# Under this name Django finds its checks, and nobody else's.
TAG = "icm"
