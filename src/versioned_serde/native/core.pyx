# cython: language_level=3, binding=False, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""Writes payloads straight from instances, by plans that `native.plans` makes of shapes.

Leaves are borrowed: nothing runs between looking one up and writing it. Whatever may run Python code (a text function,
what is within a container) is held meanwhile. The depth is that of the shape, which the maker of plans bounds.
"""

include "python.pxi"
include "buffer.pxi"
include "json_text.pxi"
include "msgpack_bytes.pxi"
include "plan.pxi"
include "walk.pxi"


ctypedef int (*Unchecked)(Buffer*, Node*, PyObject*) noexcept


cdef int passed_on() except -1:
    return -1


cdef class Encoder:
    """Writes instances of one class.

    Args:
        plan: of the class.
        most: the largest payload in bytes.
    """

    cdef Plan plan
    cdef Py_ssize_t most
    cdef Py_ssize_t hint  # how much room the record before took

    def __cinit__(self, Plan plan not None, Py_ssize_t most):
        self.plan = plan
        self.most = most

    def encode(self, value, bytes prefix not None):
        """The prefix and the payload, or None for anything unusual: then the pure path knows what to do."""
        cdef PyObject* record = self.record(<PyObject*> value, <PyObject*> prefix)
        return None if record == NULL else owned(record)

    def counted(self, bytes prefix not None, cell, otherwise):
        """Compiled: a value -> its record with this prefix, counted in `cell.value`; or what `otherwise` gives."""
        return Counted(self, prefix, cell, otherwise).encode

    cdef PyObject* record(self, PyObject* value, PyObject* prefix) except? NULL:
        # NULL without an exception stands for None.
        cdef Buffer out
        cdef int done
        cdef PyObject* made
        cdef Py_ssize_t before = PyBytes_GET_SIZE(prefix)
        start(&out, self.hint)
        put(&out, PyBytes_AS_STRING(prefix), before)
        # Unchecked, because a `try` would save and restore the interpreter's exceptions on every call.
        done = (<Unchecked> write)(&out, &self.plan.node, value)
        if done == 1 and out.at - out.begin - before <= self.most:
            self.hint = out.at - out.begin + LEAF
            return taken(&out)
        Py_XDECREF(out.heap)
        if done < 0:
            if not PyErr_ExceptionMatches(PyExc_Exception):
                passed_on()  # such as KeyboardInterrupt
            PyErr_Clear()
        return NULL


cdef inline object owned(PyObject* thing):
    made = <object> thing
    Py_DECREF(thing)
    return made


cdef class Counted:
    """An encoder with all that stays the same from call to call."""

    cdef Encoder encoder
    cdef bytes prefix
    cdef object cell
    cdef PyObject** count
    cdef object otherwise

    def __cinit__(self, Encoder encoder not None, bytes prefix not None, cell, otherwise):
        self.encoder = encoder
        self.prefix = prefix
        self.cell = cell
        self.count = <PyObject**> (<char*> <PyObject*> cell + place(type(cell).value))
        self.otherwise = otherwise

    def encode(self, value):
        cdef PyObject* record = self.encoder.record(<PyObject*> value, <PyObject*> self.prefix)
        if record == NULL:
            return self.otherwise(value)
        count_one(self.count)
        return owned(record)


def spelled(value, bint json):
    """A str, or an int of 64 bits, as payload; None if it cannot be written."""
    cdef Plan plan
    if type(value) is str:
        plan = string(json)
    elif type(value) is int and -(2**63) <= value < 2**63:
        plan = integer(json, -(2**63), 2**63 - 1)
    else:
        return None
    return Encoder(plan, PY_SSIZE_T_MAX).encode(value, b"")
