"""The dashboard's list of open cases: reading one, whoever wrote it, and comparing it with the trackers.

Nothing is written from here: the one write is tracker/changes/dashboard.py (ADR 0022).
"""
