"""Measured side by side with what people use now, in one run; never a timed test.

`rows/` says what is compared, `records/` with which records, `measuring` how; `__main__` is the command. A new
comparison is a function and a `Row` in a module of `rows/`; there is no list to edit.
"""
