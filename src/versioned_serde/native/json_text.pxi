# Leaves as JSON text, with the same characters as `adapters.json_text` gives.

cdef const char* HEX = b"0123456789abcdef"
cdef const char* PAIRS = (
    b"00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748495051525354"
    b"555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899"
)


cdef inline bint plain8(uint64_t word) noexcept:
    # Whether none of 8 bytes has to be escaped: below a blank, a quote, a backslash.
    cdef uint64_t quote = word ^ 0x2222222222222222U
    cdef uint64_t backslash = word ^ 0x5C5C5C5C5C5C5C5CU
    cdef uint64_t found = (word - 0x2020202020202020U) & ~word
    found |= (quote - 0x0101010101010101U) & ~quote
    found |= (backslash - 0x0101010101010101U) & ~backslash
    return (found & 0x8080808080808080U) == 0


cdef int escaped(Buffer* out, const char* text, Py_ssize_t size) except -1:
    cdef Py_ssize_t index
    cdef unsigned char byte, short
    cdef char* at
    if size > PY_SSIZE_T_MAX // 8:
        return 0
    reserve(out, 6 * size + 2)
    at = out.data + out.size
    at[0] = c'"'
    at += 1
    for index in range(size):
        byte = text[index]
        if byte >= 0x20 and byte != c'"' and byte != c'\\':
            at[0] = byte
            at += 1
            continue
        if byte == c'"' or byte == c'\\':
            short = byte
        elif byte == c'\n':
            short = c'n'
        elif byte == c'\r':
            short = c'r'
        elif byte == c'\t':
            short = c't'
        elif byte == c'\f':
            short = c'f'
        elif byte == c'\b':
            short = c'b'
        else:
            memcpy(at, b"\\u00", 4)
            at[4] = HEX[byte >> 4]
            at[5] = HEX[byte & 15]
            at += 6
            continue
        at[0] = c'\\'
        at[1] = short
        at += 2
    at[0] = c'"'
    out.size = at + 1 - out.data
    return 1


cdef inline int json_str(Buffer* out, PyObject* value) except -1:
    cdef Py_ssize_t size, index = 0
    cdef uint64_t word
    cdef char* at
    cdef const char* text = utf8(value, &size)
    if text == NULL:
        return 0
    reserve(out, size + 2)
    at = out.data + out.size + 1
    while index + 8 <= size:
        memcpy(&word, text + index, 8)
        if not plain8(word):
            return escaped(out, text, size)
        memcpy(at + index, &word, 8)
        index += 8
    if index < size:
        # The rest, filled up with blanks.
        word = 0x2020202020202020U
        copy_short(<char*> &word, text + index, size - index)
        if not plain8(word):
            return escaped(out, text, size)
        copy_short(at + index, <const char*> &word, size - index)
    (at - 1)[0] = c'"'
    at[size] = c'"'
    out.size += size + 2
    return 1


cdef int json_quoted(Buffer* out, PyObject* text) except -1:
    # What a text function gave, which never has to be escaped.
    cdef Py_ssize_t size
    cdef const char* data = utf8(text, &size)
    if data == NULL:
        return 0
    put_byte(out, c'"')
    put(out, data, size)
    return put_byte(out, c'"')


cdef inline char* digits(char* end, uint64_t value) noexcept:
    # Writes the number so that it ends before `end`; gives its first digit.
    cdef uint64_t pair
    while value >= 100:
        pair = value % 100
        value //= 100
        end -= 2
        memcpy(end, PAIRS + 2 * pair, 2)
    if value >= 10:
        end -= 2
        memcpy(end, PAIRS + 2 * value, 2)
    else:
        end -= 1
        end[0] = <char> (c'0' + value)
    return end


cdef inline int json_int(Buffer* out, int64_t value) except -1:
    cdef char text[24]
    cdef char* end = text + 24
    cdef char* first = digits(end, <uint64_t> value if value >= 0 else 0 - <uint64_t> value)
    if value < 0:
        first -= 1
        first[0] = c'-'
    return put(out, first, end - first)


cdef inline int json_float(Buffer* out, double value, PyObject* float_text) except -1:
    # A decimal of at most 15 digits is the only one of its length near a float, so if it gives the float back, it is
    # the shortest text of it, which is what `repr` looks for by a longer way.
    cdef char text[40]
    cdef char* end = text + 40
    cdef char* first
    cdef double size = fabs(value), scale = 1.0
    cdef int places
    cdef uint64_t number
    if 1e-3 <= size < 1e15:
        for places in range(7):
            if size * scale >= 1e15:
                break
            number = <uint64_t> (size * scale + 0.5)
            if <double> number / scale == size:
                return json_decimal(out, number, places, value < 0)
            scale *= 10.0
    return json_long_float(out, value, float_text)


cdef int json_decimal(Buffer* out, uint64_t number, int places, bint negative) except -1:
    cdef char text[40]
    cdef char* end = text + 40
    cdef char* first
    if places == 0:
        (end - 1)[0] = c'0'
        (end - 2)[0] = c'.'
        first = digits(end - 2, number)
    else:
        first = digits(end, number)
        while end - first < places + 1:
            first -= 1
            first[0] = c'0'
        first -= 1
        memmove(first, first + 1, end - first - 1 - places)
        (end - 1 - places)[0] = c'.'
    if negative:
        first -= 1
        first[0] = c'-'
    return put(out, first, end - first)


cdef int json_long_float(Buffer* out, double value, PyObject* float_text) except -1:
    cdef char* repr_
    cdef double size = fabs(value)
    if value - value != 0.0:
        return 0
    if size == 0.0 or 1e-4 <= size < 1e16:  # where `repr` has no exponent
        repr_ = PyOS_double_to_string(value, c'r', 0, Py_DTSF_ADD_DOT_0, NULL)
        if repr_ == NULL:
            raise MemoryError
        try:
            return put(out, repr_, strlen(repr_))
        finally:
            PyMem_Free(repr_)
    text = (<object> float_text)(value)
    cdef Py_ssize_t length
    cdef const char* data = PyUnicode_AsUTF8AndSize(<PyObject*> text, &length)
    return put(out, data, length)
