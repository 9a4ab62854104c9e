# The output of one call: bytes on the C stack, moved into a bytes object when they outgrow it.
#
# Functions that write answer 1 for done, and 0 for something unusual that is left to the pure path. An exception, which
# stands for -1, comes from a full memory or from Python code that was called.

cdef enum:
    SMALL = 2048  # bytes on the stack: most records fit
    PADDING = 32  # readable bytes where a key begins
    LEAF = 64  # bytes that the function `quick` may write


cdef struct Buffer:
    char* at  # where the next byte goes
    char* end
    char* begin
    PyObject* heap  # the bytes object, or NULL
    bint mixed  # something was written that the version does not declare
    char small[SMALL]


cdef inline int start(Buffer* out, Py_ssize_t hint) except -1:
    # `hint`: so many bytes are likely.
    out.heap = NULL
    out.begin = out.small
    out.end = out.small + SMALL
    out.at = out.begin
    out.mixed = False
    if hint > SMALL:
        grow(out, hint)
    return 0


cdef int grow(Buffer* out, Py_ssize_t more) except -1:
    # Not inline: it is rare, and would push what is frequent apart.
    cdef Py_ssize_t size = out.at - out.begin, room = 2 * (out.end - out.begin)
    if more > PY_SSIZE_T_MAX // 4 or size > PY_SSIZE_T_MAX // 4:
        raise MemoryError
    room = max(room, size + more)
    if out.heap == NULL:
        out.heap = new_bytes(NULL, room)
        memcpy(PyBytes_AS_STRING(out.heap), out.begin, size)
    else:
        _PyBytes_Resize(&out.heap, room)
    out.begin = PyBytes_AS_STRING(out.heap)
    out.at = out.begin + size
    out.end = out.begin + room
    return 0


cdef inline int ensure(Buffer* out, Py_ssize_t more) except -1:
    if out.end - out.at < more:
        return grow(out, more)
    return 0


cdef inline PyObject* taken(Buffer* out) except NULL:
    # The whole as a new bytes object.
    cdef PyObject* made = out.heap
    if made == NULL:
        return new_bytes(out.begin, out.at - out.begin)
    out.heap = NULL
    _PyBytes_Resize(&made, out.at - out.begin)
    return made


cdef inline void copy_short(char* to, const char* source, Py_ssize_t size) noexcept:
    # 1 to 7 bytes. Two overlapping copies of a fixed size are far quicker than one of any size.
    if size >= 4:
        memcpy(to, source, 4)
        memcpy(to + size - 4, source + size - 4, 4)
    elif size >= 2:
        memcpy(to, source, 2)
        memcpy(to + size - 2, source + size - 2, 2)
    else:
        to[0] = source[0]


cdef inline void copy_some(char* to, const char* source, Py_ssize_t size) noexcept:
    # Up to 32 bytes.
    if size >= 16:
        memcpy(to, source, 16)
        memcpy(to + size - 16, source + size - 16, 16)
    elif size >= 8:
        memcpy(to, source, 8)
        memcpy(to + size - 8, source + size - 8, 8)
    elif size > 0:
        copy_short(to, source, size)


cdef inline int put(Buffer* out, const char* data, Py_ssize_t size) except -1:
    ensure(out, size)
    if size <= 32:
        copy_some(out.at, data, size)
    else:
        memcpy(out.at, data, size)
    out.at += size
    return 1


cdef inline void put_padded(Buffer* out, const char* data, Py_ssize_t size) noexcept:
    # There is room for `size` and for PADDING.
    if size <= PADDING:
        memcpy(out.at, data, PADDING)
    else:
        memcpy(out.at, data, size)
    out.at += size


cdef inline const char* utf8(PyObject* text, Py_ssize_t* size) noexcept:
    # The bytes of an exact str, owned by it; NULL for one with a surrogate, and where memory is full.
    cdef const char* data
    if PyUnicode_IS_COMPACT_ASCII(text):
        size[0] = PyUnicode_GET_LENGTH(text)
        return <const char*> PyUnicode_1BYTE_DATA(text)
    data = PyUnicode_AsUTF8AndSize(text, size)
    if data == NULL:
        PyErr_Clear()
    return data
