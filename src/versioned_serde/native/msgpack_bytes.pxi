# Leaves as MessagePack, each in the fewest bytes. Functions that are given a place write at most LEAF bytes there and
# give the place after them.

cdef inline char* big_endian(char* at, uint64_t value, int size) noexcept:
    cdef int index
    for index in range(size):
        at[index] = <char> (value >> (8 * (size - 1 - index)))
    return at + size


cdef inline char* head(char* at, int first, uint64_t value, int size) noexcept:
    # A byte that says what follows, and a number of `size` bytes.
    at[0] = <char> first
    return big_endian(at + 1, value, size)


cdef inline char* msgpack_int(char* at, int64_t value) noexcept:
    if -32 <= value < 128:
        at[0] = <char> value
        return at + 1
    return msgpack_long_int(at, value)


cdef char* msgpack_long_int(char* at, int64_t value) noexcept:
    cdef uint64_t bits = <uint64_t> value
    if value >= 0:
        if value <= 0xFF:
            return head(at, 0xCC, bits, 1)
        if value <= 0xFFFF:
            return head(at, 0xCD, bits, 2)
        if value <= 0xFFFFFFFF:
            return head(at, 0xCE, bits, 4)
        return head(at, 0xCF, bits, 8)
    if value >= -0x80:
        return head(at, 0xD0, bits, 1)
    if value >= -0x8000:
        return head(at, 0xD1, bits, 2)
    if value >= -0x80000000:
        return head(at, 0xD2, bits, 4)
    return head(at, 0xD3, bits, 8)


cdef inline char* msgpack_float(char* at, double value) noexcept:
    cdef uint64_t bits
    memcpy(&bits, &value, 8)
    return head(at, 0xCB, bits, 8)


cdef inline char* msgpack_short_str(char* at, const char* text, Py_ssize_t size) noexcept:
    # Up to 31 bytes.
    at[0] = <char> (0xA0 | size)
    copy_some(at + 1, text, size)
    return at + 1 + size


cdef int msgpack_str(Buffer* out, const char* text, Py_ssize_t size) except -1:
    ensure(out, LEAF)
    if size < 32:
        out.at = msgpack_short_str(out.at, text, size)
        return 1
    if size <= 0xFF:
        out.at = head(out.at, 0xD9, size, 1)
    elif size <= 0xFFFF:
        out.at = head(out.at, 0xDA, size, 2)
    elif size <= 0xFFFFFFFF:
        out.at = head(out.at, 0xDB, size, 4)
    else:
        return 0
    return put(out, text, size)


cdef int msgpack_bin(Buffer* out, const char* data, Py_ssize_t size) except -1:
    ensure(out, LEAF)
    if size <= 0xFF:
        out.at = head(out.at, 0xC4, size, 1)
    elif size <= 0xFFFF:
        out.at = head(out.at, 0xC5, size, 2)
    elif size <= 0xFFFFFFFF:
        out.at = head(out.at, 0xC6, size, 4)
    else:
        return 0
    return put(out, data, size)


cdef inline int container(Buffer* out, Py_ssize_t count, int few, int some) except -1:
    # The head of a map (0x80, 0xDE) or a list (0x90, 0xDC) of so many members.
    ensure(out, LEAF)
    if count < 16:
        out.at[0] = <char> (few | count)
        out.at += 1
    elif count <= 0xFFFF:
        out.at = head(out.at, some, count, 2)
    elif count <= 0xFFFFFFFF:
        out.at = head(out.at, some + 1, count, 4)
    else:
        return 0
    return 1


cdef int map_head(char* at, Py_ssize_t count) noexcept:
    # The head of a map of at most 65,535 members; gives its size.
    if count < 16:
        at[0] = <char> (0x80 | count)
        return 1
    head(at, 0xDE, count, 2)
    return 3


cdef int correct_map(Buffer* out, Py_ssize_t at, int size, Py_ssize_t count) noexcept:
    # Members were left out of a map whose head at `at` has this size.
    cdef char* begin = out.begin + at
    cdef int needed = map_head(begin, count)
    if needed < size:
        memmove(begin + needed, begin + size, out.at - begin - size)
        out.at -= size - needed
    return 1
