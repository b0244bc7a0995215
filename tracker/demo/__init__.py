"""The demonstration council as data: invented places, people, families and their weeks.

Nothing here asks or writes the database; tracker/changes/demonstration.py does.
"""
