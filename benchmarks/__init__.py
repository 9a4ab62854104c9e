"""Measured side by side with what people use now, in one run; never a timed test.

`rows/` says what is compared, `records/` with which records, `measuring` how; `__main__` is the command.
"""
