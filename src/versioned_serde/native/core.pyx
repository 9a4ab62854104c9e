# cython: language_level=3, binding=False, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""Writes payloads straight from instances, by plans that `native.plans` makes of shapes.

Leaves are borrowed: nothing runs between looking one up and writing it. Whatever may run Python code (a text function,
what is within a container) is held meanwhile. The depth is that of the shape, which the maker of plans bounds.
"""

from zlib import crc32

include "python.pxi"
include "slots.pxi"
include "buffer.pxi"
include "json_text.pxi"
include "msgpack_bytes.pxi"
include "plan.pxi"
include "walk.pxi"
include "rich.pxi"
include "items.pxi"


ctypedef int (*Unchecked)(Buffer*, Node*, PyObject*) noexcept


cdef int passed_on() except -1:
    return -1


cdef class Encoder:
    """Writes instances of one class.

    Args:
        plan: of the class.
        most: the largest payload in bytes.
        items: the most items of a payload; see `versioned_serde.items`.
    """

    cdef Plan plan
    cdef Py_ssize_t most
    cdef Py_ssize_t items
    cdef Py_ssize_t hint  # how much room the record before took

    def __cinit__(self, Plan plan not None, Py_ssize_t most, Py_ssize_t items):
        self.plan = plan
        self.most = most
        self.items = items

    def encode(self, value, bytes prefix not None):
        """The prefix and the payload, or None for anything unusual: then the pure path knows what to do."""
        cdef Buffer out
        if not self.write(&out, <PyObject*> value, <PyObject*> prefix):
            return None
        return owned(taken(&out))

    def marked(self, value):
        """The payload, and whether it holds anything that the version does not declare; None as above."""
        cdef Buffer out
        if not self.write(&out, <PyObject*> value, <PyObject*> b""):
            return None
        return owned(taken(&out)), out.mixed

    def counted(self, bytes prefix not None, cell, otherwise):
        """Compiled: a value -> its record with this prefix, counted in `cell.value`; or what `otherwise` gives."""
        return Framed(self, Frame(prefix, (cell,)), Frame(prefix, ()), "", otherwise).encode

    def framed(self, plain, mixed, str ending not None, otherwise):
        """Compiled: see `native.Framing`."""
        return Framed(self, Frame(plain.prefix, plain.cells), Frame(mixed.prefix, mixed.cells), ending, otherwise).encode

    cdef inline bint fits(self, const char* payload, Py_ssize_t size) noexcept:
        return size <= self.most and (size <= self.items or items(payload, size, self.plan.node.json) <= self.items)

    cdef int write(self, Buffer* out, PyObject* value, PyObject* prefix) except -1:
        # 0: something unusual, and nothing to take.
        cdef int done
        cdef Py_ssize_t before = PyBytes_GET_SIZE(prefix)
        start(out, self.hint)
        put(out, PyBytes_AS_STRING(prefix), before)
        # Unchecked, because a `try` would save and restore the interpreter's exceptions on every call.
        if self.plan.node.kind == OBJECT:
            done = (<Unchecked> write_object)(out, &self.plan.node, value)
        else:
            done = (<Unchecked> write)(out, &self.plan.node, value)
        if done == 1 and self.fits(out.begin + before, out.at - out.begin - before):
            self.hint = out.at - out.begin + SMALL // 4
            return 1
        Py_XDECREF(out.heap)
        if done < 0:
            if not PyErr_ExceptionMatches(PyExc_Exception):
                passed_on()  # such as KeyboardInterrupt
            PyErr_Clear()
        return 0


cdef inline object owned(PyObject* thing):
    made = <object> thing
    Py_DECREF(thing)
    return made


cdef class Frame:
    """What is put around payloads of one kind, and which cells count them."""

    cdef bytes prefix
    cdef tuple cells
    cdef Py_ssize_t count
    cdef int64_t** numbers

    def __cinit__(self, bytes prefix not None, tuple cells not None):
        self.prefix = prefix
        self.cells = cells
        self.count = len(cells)
        self.numbers = <int64_t**> array(self.count, sizeof(int64_t*))
        for index, cell in enumerate(cells):
            self.numbers[index] = <int64_t*> <size_t> cell.address

    def __dealloc__(self):
        PyMem_Free(self.numbers)

    cdef inline void count_record(self) noexcept:
        cdef Py_ssize_t index
        for index in range(self.count):
            self.numbers[index][0] += 1


cdef class Framed:
    """An encoder with all that stays the same from call to call."""

    cdef Encoder encoder
    cdef Frame plain
    cdef Frame mixed
    cdef bint checked
    cdef bint joined
    cdef object otherwise

    def __cinit__(self, Encoder encoder not None, Frame plain not None, Frame mixed not None, ending, otherwise):
        self.encoder = encoder
        self.plain = plain
        self.mixed = mixed
        self.checked = ending == "checksum"
        self.joined = ending == "member"
        self.otherwise = otherwise

    def encode(self, value):
        cdef Buffer out
        cdef PyObject* record
        cdef Frame frame = self.plain
        if not self.encoder.write(&out, <PyObject*> value, <PyObject*> frame.prefix):
            return self.otherwise(value)
        if out.mixed or self.joined or self.checked:
            frame = self.mixed if out.mixed else frame
            record = self.finished(&out, frame)
        else:
            record = taken(&out)
        frame.count_record()
        return owned(record)

    cdef PyObject* finished(self, Buffer* out, Frame frame) except NULL:
        # What is rarer than a prefix that stays as it is.
        cdef Py_ssize_t before = PyBytes_GET_SIZE(<PyObject*> self.plain.prefix)
        cdef Py_ssize_t after = PyBytes_GET_SIZE(<PyObject*> frame.prefix), size
        cdef PyObject* record
        cdef char* payload
        if out.mixed:
            if after > before:
                ensure(out, after - before)
            size = out.at - out.begin - before
            memmove(out.begin + after, out.begin + before, size)
            memcpy(out.begin, PyBytes_AS_STRING(<PyObject*> frame.prefix), after)
            out.at = out.begin + after + size
        if self.joined:
            # No name in the payload's object is reserved: those of attributes do not begin with `$`.
            payload = out.begin + after
            if out.at - payload == 2:  # an empty object
                payload[0] = c'}'
                out.at -= 1
            else:
                payload[0] = c','
        record = taken(out)
        if self.checked:
            record = sealed(record)
        return record


cdef PyObject* sealed(PyObject* record) except NULL:
    # With the CRC-32 of all of it; takes the record over.
    cdef Py_ssize_t size = PyBytes_GET_SIZE(record)
    cdef uint64_t sum_
    try:
        sum_ = crc32(<object> record)
    except BaseException:
        Py_DECREF(record)
        raise
    _PyBytes_Resize(&record, size + 4)
    big_endian(PyBytes_AS_STRING(record) + size, sum_, 4)
    return record


def spelled(value, bint json):
    """A str, or an int of 64 bits, as payload; None if it cannot be written."""
    cdef Plan plan
    if type(value) is str:
        plan = string(json)
    elif type(value) is int and -(2**63) <= value < 2**63:
        plan = integer(json, -(2**63), 2**63 - 1)
    else:
        return None
    return Encoder(plan, PY_SSIZE_T_MAX, PY_SSIZE_T_MAX).encode(value, b"")
