"""Workbooks in and out, in plain Python: no Django and no models, so that a child process starts
fast and holds nothing worth stealing. Matching rows and storing them happens outside this package.
"""
