"""Tests of script modules without a page of their own."""
