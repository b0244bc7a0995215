"""Tests of the set-up scripts, as far as they can be asked without a fresh machine."""
