# Leaves as MessagePack, each in the fewest bytes.

cdef inline void big_endian(char* at, uint64_t value, int size) noexcept:
    cdef int index
    for index in range(size):
        at[index] = <char> (value >> (8 * (size - 1 - index)))


cdef inline int head(Buffer* out, int first, uint64_t value, int size) except -1:
    # A byte that says what follows, and a number of `size` bytes.
    reserve(out, 9)
    out.data[out.size] = <char> first
    big_endian(out.data + out.size + 1, value, size)
    out.size += 1 + size
    return 1


cdef inline int msgpack_int(Buffer* out, int64_t value) except -1:
    if -32 <= value < 128:
        return put_byte(out, <char> value)
    return msgpack_long_int(out, value)


cdef int msgpack_long_int(Buffer* out, int64_t value) except -1:
    cdef uint64_t bits = <uint64_t> value
    if value >= 0:
        if value <= 0xFF:
            return head(out, 0xCC, bits, 1)
        if value <= 0xFFFF:
            return head(out, 0xCD, bits, 2)
        if value <= 0xFFFFFFFF:
            return head(out, 0xCE, bits, 4)
        return head(out, 0xCF, bits, 8)
    if value >= -0x80:
        return head(out, 0xD0, bits, 1)
    if value >= -0x8000:
        return head(out, 0xD1, bits, 2)
    if value >= -0x80000000:
        return head(out, 0xD2, bits, 4)
    return head(out, 0xD3, bits, 8)


cdef inline int msgpack_float(Buffer* out, double value) except -1:
    cdef uint64_t bits
    memcpy(&bits, &value, 8)
    return head(out, 0xCB, bits, 8)


cdef inline int msgpack_str(Buffer* out, PyObject* value) except -1:
    cdef Py_ssize_t size
    cdef const char* text = utf8(value, &size)
    if text == NULL:
        return 0
    if size < 32:
        reserve(out, size + 1)
        out.data[out.size] = <char> (0xA0 | size)
        copy_some(out.data + out.size + 1, text, size)
        out.size += size + 1
        return 1
    if size <= 0xFF:
        head(out, 0xD9, size, 1)
    elif size <= 0xFFFF:
        head(out, 0xDA, size, 2)
    elif size <= 0xFFFFFFFF:
        head(out, 0xDB, size, 4)
    else:
        return 0
    return put(out, text, size)


cdef int msgpack_bin(Buffer* out, const char* data, Py_ssize_t size) except -1:
    if size <= 0xFF:
        head(out, 0xC4, size, 1)
    elif size <= 0xFFFF:
        head(out, 0xC5, size, 2)
    elif size <= 0xFFFFFFFF:
        head(out, 0xC6, size, 4)
    else:
        return 0
    return put(out, data, size)


cdef inline int container(Buffer* out, Py_ssize_t count, int few, int some) except -1:
    # The head of a map (0x80, 0xDE) or a list (0x90, 0xDC) of so many members.
    if count < 16:
        return put_byte(out, <char> (few | count))
    if count <= 0xFFFF:
        return head(out, some, count, 2)
    if count <= 0xFFFFFFFF:
        return head(out, some + 1, count, 4)
    return 0


cdef inline int correct_map(Buffer* out, Py_ssize_t at, Py_ssize_t most, Py_ssize_t count) except -1:
    # Members were left out of a map whose head at `at` says `most`. `most` is a number of attributes, so it is small.
    cdef char* begin = out.data + at
    if most < 16:
        begin[0] = <char> (0x80 | count)
    elif most > 0xFFFF:
        return 0
    elif count > 15:
        big_endian(begin + 1, count, 2)
    else:
        begin[0] = <char> (0x80 | count)
        memmove(begin + 1, begin + 3, out.size - at - 3)
        out.size -= 2
    return 1
