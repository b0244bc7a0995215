#!/usr/bin/env python
"""The project's management commands; README.md names those that people use."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "icm.settings")
    execute_from_command_line(sys.argv)
