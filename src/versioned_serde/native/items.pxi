# How many items a payload holds, at most: as `versioned_serde.items`, which decides where these say too many.

cdef Py_ssize_t items(const char* data, Py_ssize_t size, bint json) noexcept:
    return json_items(data, size) if json else msgpack_items(<const unsigned char*> data, size)


cdef Py_ssize_t json_items(const char* data, Py_ssize_t size) noexcept:
    # With the commas and brackets in strings, and empty objects and lists.
    cdef Py_ssize_t index = 0, end, count = 0
    cdef unsigned char found
    while index < size:
        # In short runs, which the compiler makes vectors of.
        end = index + 240 if size - index > 240 else size
        found = 0
        while index < end:
            found += (data[index] == c',') | (data[index] == c'[') | (data[index] == c'{')
            index += 1
        count += found
    return count


cdef Py_ssize_t msgpack_items(const unsigned char* data, Py_ssize_t size) noexcept:
    # Of well-formed values: what is said in a malformed one may be anything, and the parser refuses it.
    cdef Py_ssize_t at = 0, count = 0
    cdef unsigned char head
    while at < size:
        head = data[at]
        if head < 0x80 or head >= 0xE0:
            at += 1
        elif head < 0xA0:
            count += head & 0x0F
            at += 1
        elif head < 0xC0:
            at += 1 + (head & 0x1F)
        elif size - at < WIDTHS[head - 0xC0] or WIDTHS[head - 0xC0] == 0:
            return PY_SSIZE_T_MAX
        else:
            if head == 0xC4 or head == 0xD9:
                at += data[at + 1]
            elif head == 0xC5 or head == 0xDA:
                at += number(data + at + 1, 2)
            elif head == 0xC6 or head == 0xDB:
                at += number(data + at + 1, 4)
            elif head == 0xDC or head == 0xDE:
                count += number(data + at + 1, 2)
            elif head == 0xDD or head == 0xDF:
                count += number(data + at + 1, 4)
            at += WIDTHS[head - 0xC0]
    return count


# How many bytes a value has by its first byte, less those of a str or of bytes; the table of the specification.
cdef unsigned char[32] WIDTHS
WIDTHS[:] = [
    1, 0, 1, 1, 2, 3, 5, 0, 0, 0, 5, 9, 2, 3, 5, 9,
    2, 3, 5, 9, 0, 0, 0, 0, 0, 2, 3, 5, 3, 5, 3, 5,
]


cdef inline Py_ssize_t number(const unsigned char* data, int size) noexcept:
    cdef Py_ssize_t value = 0
    cdef int index
    for index in range(size):
        value = value << 8 | data[index]
    return value
