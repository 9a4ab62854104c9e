# cython: language_level=3, binding=False
"""The loop of a batch, without a step of the interpreter for each record."""

cdef extern from "Python.h":
    int PyErr_CheckSignals() except -1


def each(function, values, kind, failed):
    """See `direct.batches.each`."""
    cdef list done = []
    for value in values:
        if value is None:
            done.append(None)
            continue
        try:
            result = function(value)
        except kind as error:
            result = failed(error, len(done))
        done.append(result)
        if not len(done) % 64:
            # What the interpreter does between steps: other threads get their turn, and a Ctrl-C is heard.
            with nogil:
                pass
            PyErr_CheckSignals()
    return done
