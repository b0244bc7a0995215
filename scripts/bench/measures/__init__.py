"""One module for each thing that is measured.

Each names the databases it is measured on (`ON`) and has `measured(bench)`, which gives its figures.
"""
