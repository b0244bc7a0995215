"""`make bench`: what the application's speed is, beside a bare Django measured in the same run.

Each thing that is measured is one module in measures/; further ones are found by being there. Servers,
database and load are on this machine's loopback, bounded, and end by themselves. Nothing here is part of
the application.
"""
