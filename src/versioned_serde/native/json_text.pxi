# Leaves as JSON text, with the same characters as `adapters.json_text` gives. Functions that are given a place write at
# most LEAF bytes there and give the place after them, or NULL for what they leave to a longer way.

cdef const char* HEX = b"0123456789abcdef"
cdef const char* PAIRS = (
    b"00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748495051525354"
    b"555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899"
)
cdef enum:
    HIGH = LEAF - 2  # the most bytes of a str that `json_short_str` takes


cdef inline uint64_t escapes(uint64_t word) noexcept:
    # The high bit of some of 8 bytes, if one of them has to be escaped: below a blank, a quote, a backslash.
    cdef uint64_t quote = word ^ 0x2222222222222222U
    cdef uint64_t backslash = word ^ 0x5C5C5C5C5C5C5C5CU
    cdef uint64_t found = (word - 0x2020202020202020U) & ~word
    found |= (quote - 0x0101010101010101U) & ~quote
    found |= (backslash - 0x0101010101010101U) & ~backslash
    return found & 0x8080808080808080U


cdef inline char* json_short_str(char* at, const char* text, Py_ssize_t size) noexcept:
    # Up to HIGH bytes of which none has to be escaped.
    cdef Py_ssize_t index = 0
    cdef uint64_t word, found = 0
    at[0] = c'"'
    at += 1
    if size >= 8:
        while index + 8 <= size:
            memcpy(&word, text + index, 8)
            found |= escapes(word)
            memcpy(at + index, &word, 8)
            index += 8
        # The last 8 once more, for what is left.
        memcpy(&word, text + size - 8, 8)
        found |= escapes(word)
        memcpy(at + size - 8, &word, 8)
    elif size > 0:
        word = 0x2020202020202020U
        copy_short(<char*> &word, text, size)
        found = escapes(word)
        memcpy(at, &word, 8)
    if found:
        return NULL
    at[size] = c'"'
    return at + size + 1


cdef int json_str(Buffer* out, const char* text, Py_ssize_t size) except -1:
    cdef Py_ssize_t index = 0
    cdef uint64_t word
    cdef char* at
    if size <= HIGH:
        ensure(out, LEAF)
        at = json_short_str(out.at, text, size)
        if at == NULL:
            return escaped(out, text, size)
        out.at = at
        return 1
    ensure(out, size + 2)
    at = out.at + 1
    while index + 8 <= size:
        memcpy(&word, text + index, 8)
        if escapes(word):
            return escaped(out, text, size)
        memcpy(at + index, &word, 8)
        index += 8
    memcpy(&word, text + size - 8, 8)
    if escapes(word):
        return escaped(out, text, size)
    memcpy(at + size - 8, &word, 8)
    (at - 1)[0] = c'"'
    at[size] = c'"'
    out.at += size + 2
    return 1


cdef int escaped(Buffer* out, const char* text, Py_ssize_t size) except -1:
    cdef Py_ssize_t index
    cdef unsigned char byte, short
    cdef char* at
    if size > PY_SSIZE_T_MAX // 8:
        return 0
    ensure(out, 6 * size + 2)
    at = out.at
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
    out.at = at + 1
    return 1


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


cdef inline int length(uint64_t value) noexcept:
    # How many digits the number has.
    cdef int count = 1
    while value >= 100:
        value //= 100
        count += 2
    return count + 1 if value >= 10 else count


cdef inline char* json_int(char* at, int64_t value) noexcept:
    cdef uint64_t number = <uint64_t> value
    cdef char* end
    if value < 0:
        at[0] = c'-'
        at += 1
        number = 0 - number
    if number < 10:
        at[0] = <char> (c'0' + number)
        return at + 1
    if number < 100:
        memcpy(at, PAIRS + 2 * number, 2)
        return at + 2
    end = at + length(number)
    digits(end, number)
    return end


cdef char* json_short_float(char* at, double value) noexcept:
    # A decimal of at most 15 digits is the only one of its length near a float, so if it gives the float back, it is
    # the shortest text of it, which is what `repr` looks for by a longer way.
    cdef double size = fabs(value), scale = 1.0
    cdef int places
    cdef uint64_t number
    if 1e-3 <= size < 1e15:
        for places in range(7):
            if size * scale >= 1e15:
                break
            number = <uint64_t> (size * scale + 0.5)
            if <double> number / scale == size:
                return json_decimal(at, number, places, value < 0)
            scale *= 10.0
    return NULL


cdef inline char* json_decimal(char* at, uint64_t number, int places, bint negative) noexcept:
    # So many of the number's digits, at most 6, are behind the point.
    cdef int count = length(number)
    cdef uint64_t word
    cdef char* end
    if negative:
        at[0] = c'-'
        at += 1
    if places == 0:
        at += count
        digits(at, number)
        memcpy(at, b".0", 2)
        return at + 2
    if count <= places:
        memcpy(at, b"0.000000", 8)
        end = at + places + 2
        digits(end, number)
        return end
    digits(at + count, number)
    end = at + count - places
    memcpy(&word, end, 8)
    memcpy(end + 1, &word, 8)
    end[0] = c'.'
    return end + 1 + places


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
    cdef Py_ssize_t count
    cdef const char* data = PyUnicode_AsUTF8AndSize(<PyObject*> text, &count)
    return put(out, data, count)
