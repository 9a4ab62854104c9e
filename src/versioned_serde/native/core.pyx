# cython: language_level=3, binding=False, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""Writes payloads straight from instances, by plans that `native.plans` makes of shapes.

Leaves are borrowed: nothing runs between looking one up and writing it. Whatever may run Python code (a text function,
what is within a container) is held meanwhile. The depth is that of the shape, which the maker of plans bounds.
"""

from cpython.mem cimport PyMem_Calloc, PyMem_Free, PyMem_Malloc, PyMem_Realloc
from libc.math cimport fabs
from libc.stdint cimport int64_t, uint64_t
from libc.string cimport memcpy, memmove, strlen

cdef extern from "Python.h":
    ctypedef struct PyObject:
        pass
    ctypedef struct PyTypeObject:
        pass
    Py_ssize_t PY_SSIZE_T_MAX
    PyTypeObject PyUnicode_Type, PyLong_Type, PyFloat_Type, PyBytes_Type, PyList_Type, PyTuple_Type, PyDict_Type
    PyTypeObject PySet_Type, PyMemberDescr_Type
    PyObject* Py_None
    PyObject* Py_True
    PyObject* Py_False
    PyTypeObject* Py_TYPE(PyObject*)
    void Py_INCREF(PyObject*)
    void Py_DECREF(PyObject*)
    bint PyUnicode_IS_COMPACT_ASCII(PyObject*)
    Py_ssize_t PyUnicode_GET_LENGTH(PyObject*)
    void* PyUnicode_1BYTE_DATA(PyObject*)
    const char* PyUnicode_AsUTF8AndSize(PyObject*, Py_ssize_t*)
    long long PyLong_AsLongLongAndOverflow(PyObject*, int*) except? -1
    double PyFloat_AS_DOUBLE(PyObject*)
    char* PyBytes_AS_STRING(PyObject*)
    Py_ssize_t PyBytes_GET_SIZE(PyObject*)
    bytes PyBytes_FromStringAndSize(const char*, Py_ssize_t)
    Py_ssize_t PyList_GET_SIZE(PyObject*)
    PyObject* PyList_GET_ITEM(PyObject*, Py_ssize_t)
    Py_ssize_t PyTuple_GET_SIZE(PyObject*)
    PyObject* PyTuple_GET_ITEM(PyObject*, Py_ssize_t)
    PyObject* PyDict_GetItemWithError(PyObject*, PyObject*) except? NULL
    int PyDict_Next(PyObject*, Py_ssize_t*, PyObject**, PyObject**)
    Py_ssize_t PyDict_Size(PyObject*) except -1
    int PySet_Contains(PyObject*, PyObject*) except -1
    object PyObject_GenericGetDict(PyObject*, void*)
    object PyObject_CallOneArg(PyObject*, PyObject*)
    void PyErr_Clear()
    bint PyErr_ExceptionMatches(PyObject*)
    PyObject* PyExc_Exception
    char* PyOS_double_to_string(double, char, int, int, int*)
    int Py_DTSF_ADD_DOT_0

cdef extern from "structmember.h":
    int T_OBJECT_EX
    ctypedef struct PyMemberDef:
        int type
        Py_ssize_t offset
    ctypedef struct PyMemberDescrObject:
        PyMemberDef* d_member

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
        json: whether as JSON; as MessagePack otherwise.
        most: the largest payload in bytes.
    """

    cdef Plan plan
    cdef bint json
    cdef Py_ssize_t most

    def __cinit__(self, Plan plan not None, bint json, Py_ssize_t most):
        self.plan = plan
        self.json = json
        self.most = most

    def encode(self, value, bytes prefix not None):
        """The prefix and the payload, or None for anything unusual: then the pure path knows what to do."""
        return self.record(value, prefix)

    def counted(self, bytes prefix not None, cell, otherwise):
        """Compiled: a value -> its record with this prefix, counted in `cell.value`; or what `otherwise` gives."""
        return Counted(self, prefix, cell, otherwise).encode

    cdef bytes record(self, value, bytes prefix):
        cdef Buffer out
        cdef int done
        cdef Py_ssize_t before = PyBytes_GET_SIZE(<PyObject*> prefix)
        start(&out, self.json)
        if before > SMALL:
            return None
        put(&out, PyBytes_AS_STRING(<PyObject*> prefix), before)
        # Unchecked, because a `try` would save and restore the interpreter's exceptions on every call.
        done = (<Unchecked> write)(&out, &self.plan.node, <PyObject*> value)
        if done == 1 and out.size - before <= self.most:
            result = PyBytes_FromStringAndSize(out.data, out.size)
            finish(&out)
            return result
        finish(&out)
        if done < 0:
            if not PyErr_ExceptionMatches(PyExc_Exception):
                passed_on()  # such as KeyboardInterrupt
            PyErr_Clear()
        return None


cdef class Counted:
    """An encoder with all that stays the same from call to call."""

    cdef Encoder encoder
    cdef bytes prefix
    cdef object cell
    cdef Py_ssize_t place
    cdef object otherwise

    def __cinit__(self, Encoder encoder not None, bytes prefix not None, cell, otherwise):
        self.encoder = encoder
        self.prefix = prefix
        self.cell = cell
        self.place = place(type(cell).value)
        self.otherwise = otherwise

    def encode(self, value):
        cdef PyObject** count
        record = self.encoder.record(value, self.prefix)
        if record is None:
            return self.otherwise(value)
        # As `self.cell.value += 1` does it, by the slot.
        count = <PyObject**> (<char*> <PyObject*> self.cell + self.place)
        more = <object> count[0] + 1
        Py_DECREF(count[0])
        Py_INCREF(<PyObject*> more)
        count[0] = <PyObject*> more
        return record


def spelled(value, bint json):
    """A str, or an int of 64 bits, as payload; None if it cannot be written."""
    cdef Buffer out
    cdef Py_ssize_t size
    cdef PyObject* borrowed = <PyObject*> value
    start(&out, json)
    try:
        if type(value) is str:
            done = json_str(&out, borrowed) if json else msgpack_str(&out, borrowed)
        elif type(value) is int and -(2**63) <= value < 2**63:
            done = json_int(&out, value) if json else msgpack_int(&out, value)
        else:
            done = 0
        return PyBytes_FromStringAndSize(out.data, out.size) if done else None
    finally:
        finish(&out)
