# cython: language_level=3, binding=False, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""A library's own encode function with a prefix before its bytes and a count, in one call."""

from cpython.mem cimport PyMem_Calloc, PyMem_Free
from libc.stdint cimport int32_t, int64_t, uint8_t, uint32_t, uint64_t
from libc.string cimport memcpy

cdef extern from "Python.h":
    ctypedef struct PyObject:
        pass
    ctypedef struct PyTypeObject:
        pass
    PyTypeObject PyBytes_Type
    PyTypeObject* Py_TYPE(PyObject*)
    void Py_INCREF(PyObject*)
    void Py_DECREF(PyObject*)
    char* PyBytes_AS_STRING(PyObject*)
    Py_ssize_t PyBytes_GET_SIZE(PyObject*)
    bytes PyBytes_FromStringAndSize(const char*, Py_ssize_t)
    PyObject* PyObject_CallOneArg(PyObject*, PyObject*)
    void PyErr_Clear()
    bint PyErr_ExceptionMatches(PyObject*)
    PyObject* PyExc_Exception

include "fields.pxi"


cdef int passed_on() except -1:
    return -1


cdef class Wrapped:
    """An encoder that calls a library's encode function. See `native.Encoder`.

    Args:
        model: the class whose instances it takes, exactly.
        function: instance -> payload; whatever it raises means that the value is unusual.
        check: payload -> whether it may be written; None if it always may.
        most: the largest payload in bytes.
    """

    cdef PyTypeObject* model
    cdef object kept
    cdef object function
    cdef object check
    cdef Fields fields
    cdef Py_ssize_t most

    def __cinit__(self, model, function, check, Py_ssize_t most):
        if not isinstance(model, type):
            raise TypeError("not a class")
        self.kept = model
        self.model = <PyTypeObject*> model
        self.function = function
        self.check = check
        self.fields = check if isinstance(check, Fields) else None
        self.most = most

    def encode(self, value, bytes prefix not None):
        """The prefix and the payload, or None for anything unusual: then the tree route knows what to do."""
        return self.record(value, prefix)

    def counted(self, bytes prefix not None, cell, otherwise):
        """Compiled: a value -> its record with this prefix, counted in `cell.value`; or what `otherwise` gives."""
        return Counted(self, prefix, cell, otherwise).encode

    cdef bytes record(self, value, bytes prefix):
        cdef PyObject* made
        cdef bytes record
        cdef char* to
        cdef Py_ssize_t before, size
        if Py_TYPE(<PyObject*> value) != self.model:
            return None
        # Called by hand, because a `try` would save and restore the interpreter's exceptions on every call.
        made = PyObject_CallOneArg(<PyObject*> self.function, <PyObject*> value)
        if made == NULL:
            if not PyErr_ExceptionMatches(PyExc_Exception):
                passed_on()  # such as KeyboardInterrupt
            PyErr_Clear()
            return None
        payload = <object> made
        Py_DECREF(made)
        if Py_TYPE(made) != &PyBytes_Type:
            return None
        before, size = PyBytes_GET_SIZE(<PyObject*> prefix), PyBytes_GET_SIZE(made)
        if size > self.most or not self.passes(made):
            return None
        record = PyBytes_FromStringAndSize(NULL, before + size)
        to = PyBytes_AS_STRING(<PyObject*> record)
        memcpy(to, PyBytes_AS_STRING(<PyObject*> prefix), before)
        memcpy(to + before, PyBytes_AS_STRING(made), size)
        return record

    cdef bint passes(self, PyObject* payload) except -1:
        if self.fields is not None:
            return self.fields.alone(payload)
        return self.check is None or self.check(<object> payload)


cdef class Counted:
    """An encoder with all that stays the same from call to call."""

    cdef Wrapped encoder
    cdef bytes prefix
    cdef object cell
    cdef int64_t* number  # the cell's
    cdef object otherwise

    def __cinit__(self, Wrapped encoder not None, bytes prefix not None, cell, otherwise):
        self.encoder = encoder
        self.prefix = prefix
        self.cell = cell
        self.number = <int64_t*> <size_t> cell.address
        self.otherwise = otherwise

    def encode(self, value):
        record = self.encoder.record(value, self.prefix)
        if record is None:
            return self.otherwise(value)
        self.number[0] += 1
        return record
