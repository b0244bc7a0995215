"""What importing a workbook would do, worked out and told before anything is done (ADR 0013).

Nothing is written from here: the one write is tracker/changes/bulk.py.
"""
