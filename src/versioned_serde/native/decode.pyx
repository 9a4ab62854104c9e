# cython: language_level=3, binding=False, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""Makes instances of what a parser has put into twins: Structs with the attributes of a shape, in slots.

The parser has checked the bytes and the types. Here is what it does not tell: that a name occurred twice, that a number
has too many digits, that a zero or a large float is not what was written. Such a payload is left to the pure path.
"""

from cpython.mem cimport PyMem_Calloc, PyMem_Free
from sys import intern
from zlib import crc32

from libc.math cimport fabs
from libc.stdint cimport int64_t
from libc.string cimport memchr, memcmp

cdef extern from "Python.h":
    ctypedef struct PyObject:
        pass
    ctypedef struct PyTypeObject:
        PyObject* (*tp_alloc)(PyTypeObject*, Py_ssize_t) except NULL
    PyTypeObject PyUnicode_Type, PyBytes_Type, PyList_Type, PyDict_Type, PyMemberDescr_Type
    PyObject* Py_None
    PyTypeObject* Py_TYPE(PyObject*)
    void Py_INCREF(PyObject*)
    void Py_DECREF(PyObject*)
    double PyFloat_AS_DOUBLE(PyObject*)
    char* PyBytes_AS_STRING(PyObject*)
    Py_ssize_t PyBytes_GET_SIZE(PyObject*)
    bytes PyBytes_FromStringAndSize(const char*, Py_ssize_t)
    Py_ssize_t PyList_GET_SIZE(PyObject*)
    PyObject* PyList_GET_ITEM(PyObject*, Py_ssize_t)
    int PyList_SetItem(PyObject*, Py_ssize_t, PyObject*) except -1
    object PyList_AsTuple(object)
    PyObject* PyDict_GetItemWithError(PyObject*, PyObject*) except? NULL
    object PyDict_Copy(PyObject*)
    int PyDict_SetItem(object, PyObject*, PyObject*) except -1
    int PyDict_Next(PyObject*, Py_ssize_t*, PyObject**, PyObject**)
    Py_ssize_t PyDict_Size(PyObject*) except -1
    object PySet_New(PyObject*)
    int PySet_Add(object, PyObject*) except -1
    int PyObject_GenericSetDict(PyObject*, PyObject*, void*) except -1
    object PyObject_CallOneArg(PyObject*, PyObject*)
    object PyObject_CallNoArgs(PyObject*)
    void PyErr_Clear()
    bint PyErr_ExceptionMatches(PyObject*)
    PyObject* PyExc_Exception
    Py_ssize_t PY_SSIZE_T_MAX

class Unusual(Exception):
    """What the pure path is to look at."""


cdef double EXACT = 2.0**53
"""Below it every float that is an int exactly is that int."""

cdef enum:
    CRC_SIZE = 4


include "slots.pxi"
include "reading_plan.pxi"
include "items.pxi"
include "payload_checks.pxi"
include "make.pxi"


ctypedef PyObject* (*Unchecked)(Walk*, Node*, PyObject*, PyObject*) noexcept


cdef int passed_on() except -1:
    return -1


cdef object parsed_and_made(Walk* walk, Node* node, parse, payload):
    twin = PyObject_CallOneArg(<PyObject*> parse, <PyObject*> payload)
    return make(walk, node, <PyObject*> twin)


cdef class Decoder:
    """Makes instances of one class.

    Args:
        parse: bytes -> a twin, or an error.
        plan: of the class.
        json: whether payloads are JSON; MessagePack otherwise.
        longest: the longest number in JSON text that certainly is read, in characters.
        items: the most items of a payload; see `versioned_serde.items`.
    """

    cdef object parse
    cdef Plan plan
    cdef bint json
    cdef Py_ssize_t longest
    cdef Py_ssize_t items

    def __cinit__(self, parse, Plan plan not None, bint json, Py_ssize_t longest, Py_ssize_t items):
        self.parse = parse
        self.plan = plan
        self.json = json
        self.longest = longest
        self.items = items

    def decode(self, bytes payload not None):
        """The instance, or None for anything unusual: then the pure path knows what to do."""
        return self.made(payload)

    def counted(self, bytes prefix not None, str ending not None, cell, otherwise, Py_ssize_t most):
        """Compiled: a record with this prefix -> its instance, counted in `cell.value`; or what `otherwise` gives."""
        return Counted(self, prefix, ending, cell, otherwise, most).decode

    cdef object made(self, bytes payload):
        cdef Walk walk
        cdef PyObject* result
        cdef const char* data = PyBytes_AS_STRING(<PyObject*> payload)
        cdef Py_ssize_t size = PyBytes_GET_SIZE(<PyObject*> payload)
        if self.json and size > self.longest and has_long_number(data, size, self.longest):
            return None
        if size > self.items and items(data, size, self.json) > self.items:
            return None
        walk.json = self.json
        walk.names = walk.texts = 0
        walk.zero = False
        # Unchecked, because a `try` would save and restore the interpreter's exceptions on every call.
        result = (<Unchecked> parsed_and_made)(
            &walk, &self.plan.node, <PyObject*> self.parse, <PyObject*> payload
        )
        if result == NULL:
            if not PyErr_ExceptionMatches(PyExc_Exception):
                passed_on()  # such as KeyboardInterrupt
            PyErr_Clear()
            return None
        made = <object> result
        Py_DECREF(result)
        if self.json:
            if quotes(data, size) != 2 * (walk.names + walk.texts) or (walk.zero and has_negative_zero(data, size)):
                return None
        elif members(data, size) != walk.names:
            return None
        return made


cdef class Counted:
    """A decoder with all that stays the same from call to call."""

    cdef Decoder decoder
    cdef bytes prefix
    cdef bint checked
    cdef bint joined
    cdef object before  # the checksum of the prefix
    cdef object cell
    cdef int64_t* number  # the cell's
    cdef object otherwise
    cdef Py_ssize_t most

    def __cinit__(self, Decoder decoder not None, bytes prefix not None, ending, cell, otherwise, Py_ssize_t most):
        self.decoder = decoder
        self.checked = ending == "checksum"
        self.joined = ending == "member"
        self.prefix = prefix + b"," if self.joined else prefix
        self.before = crc32(prefix)
        self.cell = cell
        self.number = <int64_t*> <size_t> cell.address
        self.otherwise = otherwise
        self.most = most

    def decode(self, record):
        payload = self.payload(record)
        if payload is not None:
            made = self.decoder.made(payload)
            if made is not None:
                self.number[0] += 1
                return made
        return self.otherwise(record)

    cdef bytes payload(self, record):
        cdef const char* data
        cdef Py_ssize_t size, before = PyBytes_GET_SIZE(<PyObject*> self.prefix)
        if Py_TYPE(<PyObject*> record) != &PyBytes_Type:
            return None
        data = PyBytes_AS_STRING(<PyObject*> record)
        size = PyBytes_GET_SIZE(<PyObject*> record)
        if size > self.most or size < before or memcmp(data, PyBytes_AS_STRING(<PyObject*> self.prefix), before):
            return None
        if self.joined:
            # The prefix ends in the comma after the tag, where the payload's brace was.
            if size == before:
                return None  # a single byte is an object that all share
            payload = PyBytes_FromStringAndSize(data + before - 1, size - before + 1)
            PyBytes_AS_STRING(<PyObject*> payload)[0] = c'{'
            return payload
        if not self.checked:
            return PyBytes_FromStringAndSize(data + before, size - before)
        size -= CRC_SIZE
        if size < before:
            return None
        payload = PyBytes_FromStringAndSize(data + before, size - before)
        return payload if crc32(payload, self.before) == number(<const unsigned char*> data + size, CRC_SIZE) else None
