# What the parser lets pass without telling. It has accepted the payload when these look at it, the first one excepted.

cdef Py_ssize_t quotes(const char* data, Py_ssize_t size) noexcept:
    # Each name and each text of a JSON payload has two, and what the parser dropped is not among the values: it keeps
    # the last of two members of a name.
    cdef Py_ssize_t index = 0, end, count = 0
    cdef unsigned char found, escapes = 0
    while index < size:
        # In short runs, which the compiler makes vectors of.
        end = index + 240 if size - index > 240 else size
        found = 0
        while index < end:
            found += data[index] == c'"'
            escapes |= data[index] == c'\\'
            index += 1
        count += found
    return count if not escapes else unescaped_quotes(data, size)


cdef Py_ssize_t unescaped_quotes(const char* data, Py_ssize_t size) noexcept:
    cdef Py_ssize_t index = 0, count = 0
    while index < size:
        if data[index] == c'\\':
            index += 1
        elif data[index] == c'"':
            count += 1
        index += 1
    return count


cdef bint has_negative_zero(const char* data, Py_ssize_t size) noexcept:
    # The int `-0`, of which the parser makes 0.0 where a float is declared.
    cdef const char* end = data + size - 2
    cdef const char* at = data
    while at < end:
        at = <const char*> memchr(at, c'-', end - at)
        if at == NULL:
            return False
        if at[1] == c'0' and at[2] in (c',', c'}', c']', c' ', c'\n', c'\r', c'\t'):
            return True
        at += 1
    return False


cdef bint has_long_number(const char* data, Py_ssize_t size, Py_ssize_t longest) noexcept:
    # Whether more than `longest` characters of numbers follow each other anywhere. A run that long covers one of the
    # places that are looked at.
    cdef Py_ssize_t at = longest, first, last
    while at < size:
        if in_number(data[at]):
            first = last = at
            while first > 0 and at - first <= longest and in_number(data[first - 1]):
                first -= 1
            while last < size and last - at <= longest and in_number(data[last]):
                last += 1
            if last - first > longest:
                return True
        at += longest
    return False


cdef inline bint in_number(char letter) noexcept:
    return c'0' <= letter <= c'9' or letter in (c'-', c'+', c'.', c'e', c'E')


cdef Py_ssize_t members(const char* data, Py_ssize_t size) noexcept:
    # How many members the maps of a MessagePack payload say that they have; -1 for what no twin holds.
    cdef const unsigned char* bytes_ = <const unsigned char*> data
    cdef Py_ssize_t at = 0, count = 0
    cdef unsigned char head
    while at < size:
        head = bytes_[at]
        if head < 0x80 or head >= 0xE0:
            at += 1
        elif head < 0x90:
            count += head & 0x0F
            at += 1
        elif head < 0xA0:
            at += 1
        elif head < 0xC0:
            at += 1 + (head & 0x1F)
        else:
            if size - at < WIDTHS[head - 0xC0] or WIDTHS[head - 0xC0] == 0:
                return -1
            if head == 0xC4 or head == 0xD9:
                at += bytes_[at + 1]
            elif head == 0xC5 or head == 0xDA:
                at += number(bytes_ + at + 1, 2)
            elif head == 0xC6 or head == 0xDB:
                at += number(bytes_ + at + 1, 4)
            elif head == 0xDE:
                count += number(bytes_ + at + 1, 2)
            elif head == 0xDF:
                count += number(bytes_ + at + 1, 4)
            at += WIDTHS[head - 0xC0]
    return count
