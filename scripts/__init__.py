"""What runs before or beside the application: set-up, test services, checks, measurements.

Nothing here is imported by the application.
"""
