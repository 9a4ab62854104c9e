# The output of one call: bytes on the C stack, moved to the heap when they outgrow it.
#
# Functions that write answer 1 for done, and 0 for something unusual that is left to the pure path. An exception, which
# stands for -1, comes from a full memory or from Python code that was called.

cdef enum:
    SMALL = 2048  # bytes on the stack: most records fit
    PADDING = 32  # readable bytes after a key


cdef struct Buffer:
    char* data
    Py_ssize_t size
    Py_ssize_t room
    bint json
    char small[SMALL]


cdef inline void start(Buffer* out, bint json) noexcept:
    out.data = out.small
    out.size = 0
    out.room = SMALL
    out.json = json


cdef inline void finish(Buffer* out) noexcept:
    if out.data != out.small:
        PyMem_Free(out.data)


cdef int grow(Buffer* out, Py_ssize_t more) except -1:
    # Not inline: it is rare, and would push what is frequent apart.
    cdef Py_ssize_t room = 2 * out.room
    cdef char* data
    if more > PY_SSIZE_T_MAX // 4 or out.size > PY_SSIZE_T_MAX // 4:
        raise MemoryError
    while room - out.size < more:
        room *= 2
    if out.data == out.small:
        data = <char*> PyMem_Malloc(room)
        if data != NULL:
            memcpy(data, out.small, out.size)
    else:
        data = <char*> PyMem_Realloc(out.data, room)
    if data == NULL:
        raise MemoryError
    out.data = data
    out.room = room
    return 0


cdef inline int reserve(Buffer* out, Py_ssize_t more) except -1:
    if out.room - out.size < more:
        return grow(out, more)
    return 0


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
    reserve(out, size)
    if size <= 32:
        copy_some(out.data + out.size, data, size)
    else:
        memcpy(out.data + out.size, data, size)
    out.size += size
    return 1


cdef inline int put_padded(Buffer* out, const char* data, Py_ssize_t size) except -1:
    if size > PADDING:
        return put(out, data, size)
    reserve(out, PADDING)
    memcpy(out.data + out.size, data, PADDING)
    out.size += size
    return 1


cdef inline int put_byte(Buffer* out, char byte) except -1:
    reserve(out, 1)
    out.data[out.size] = byte
    out.size += 1
    return 1


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
