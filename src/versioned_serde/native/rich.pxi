# Values that neither format has a form of its own for, as the texts of `adapters.texts`.

from decimal import Decimal
from uuid import UUID

cdef extern from "datetime.h":
    ctypedef struct PyDateTime_CAPI:
        PyTypeObject* DateType
        PyTypeObject* DateTimeType
        PyTypeObject* TimeType
        PyTypeObject* DeltaType
    PyDateTime_CAPI* PyDateTimeAPI
    void PyDateTime_IMPORT()
    PyObject* PyDateTime_TimeZone_UTC
    int PyDateTime_GET_YEAR(PyObject*)
    int PyDateTime_GET_MONTH(PyObject*)
    int PyDateTime_GET_DAY(PyObject*)
    int PyDateTime_DATE_GET_HOUR(PyObject*)
    int PyDateTime_DATE_GET_MINUTE(PyObject*)
    int PyDateTime_DATE_GET_SECOND(PyObject*)
    int PyDateTime_DATE_GET_MICROSECOND(PyObject*)
    PyObject* PyDateTime_DATE_GET_TZINFO(PyObject*)
    int PyDateTime_TIME_GET_HOUR(PyObject*)
    int PyDateTime_TIME_GET_MINUTE(PyObject*)
    int PyDateTime_TIME_GET_SECOND(PyObject*)
    int PyDateTime_TIME_GET_MICROSECOND(PyObject*)
    PyObject* PyDateTime_TIME_GET_TZINFO(PyObject*)
    int PyDateTime_DELTA_GET_DAYS(PyObject*)
    int PyDateTime_DELTA_GET_SECONDS(PyObject*)
    int PyDateTime_DELTA_GET_MICROSECONDS(PyObject*)

PyDateTime_IMPORT

cdef const char* LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
cdef PyTypeObject* DECIMAL_TYPE = <PyTypeObject*> <PyObject*> Decimal
cdef PyTypeObject* UUID_TYPE = <PyTypeObject*> <PyObject*> UUID
cdef Py_ssize_t UUID_INT = place(UUID.int)


cdef int write_rich(Buffer* out, Node* node, PyObject* value) except -1:
    cdef PyTypeObject* found = Py_TYPE(value)
    cdef char text[LEAF]
    cdef char* at = text
    if node.kind == DATETIME:
        if found != PyDateTimeAPI.DateTimeType:
            return 0
        at = calendar(at, value)
        at[0] = c'T'
        at = clock(
            at + 1,
            PyDateTime_DATE_GET_HOUR(value),
            PyDateTime_DATE_GET_MINUTE(value),
            PyDateTime_DATE_GET_SECOND(value),
            PyDateTime_DATE_GET_MICROSECOND(value),
        )
        at = offset(at, value, PyDateTime_DATE_GET_TZINFO(value))
    elif node.kind == DATE:
        if found != PyDateTimeAPI.DateType:
            return 0
        at = calendar(at, value)
    elif node.kind == TIME:
        if found != PyDateTimeAPI.TimeType:
            return 0
        at = clock(
            at,
            PyDateTime_TIME_GET_HOUR(value),
            PyDateTime_TIME_GET_MINUTE(value),
            PyDateTime_TIME_GET_SECOND(value),
            PyDateTime_TIME_GET_MICROSECOND(value),
        )
        at = offset(at, value, PyDateTime_TIME_GET_TZINFO(value))
    elif node.kind == TIMEDELTA:
        if found != PyDateTimeAPI.DeltaType:
            return 0
        at = duration(at, value)
    elif node.kind == IDENTIFIER:
        if found != UUID_TYPE:
            return 0
        at = identifier(at, (<PyObject**> (<char*> value + UUID_INT))[0])
    elif node.kind == DECIMAL:
        return write_decimal(out, node, value) if found == DECIMAL_TYPE else 0
    else:
        return write_base64(out, value) if found == &PyBytes_Type else 0
    if at == NULL:
        return 0
    if not node.json:
        return msgpack_str(out, text, at - text)
    ensure(out, LEAF + 2)
    out.at[0] = c'"'
    memcpy(out.at + 1, text, LEAF)
    out.at += at - text + 2
    (out.at - 1)[0] = c'"'
    return 1


cdef inline char* pair(char* at, int number) noexcept:
    memcpy(at, PAIRS + 2 * number, 2)
    return at + 2


cdef char* calendar(char* at, PyObject* value) noexcept:
    cdef int year = PyDateTime_GET_YEAR(value)
    at = pair(pair(at, year // 100), year % 100)
    at[0] = c'-'
    at = pair(at + 1, PyDateTime_GET_MONTH(value))
    at[0] = c'-'
    return pair(at + 1, PyDateTime_GET_DAY(value))


cdef char* clock(char* at, int hour, int minute, int second, int microsecond) noexcept:
    at = pair(at, hour)
    at[0] = c':'
    at = pair(at + 1, minute)
    at[0] = c':'
    at = pair(at + 1, second)
    return fraction(at, microsecond) if microsecond else at


cdef inline char* fraction(char* at, int microsecond) noexcept:
    at[0] = c'.'
    at = pair(at + 1, microsecond // 10_000)
    return pair(pair(at, microsecond // 100 % 100), microsecond % 100)


cdef char* offset(char* at, PyObject* value, PyObject* zone) except? NULL:
    # NULL for a zone that has no offset.
    cdef int64_t seconds
    cdef int microseconds
    cdef PyObject* delta
    if zone == Py_None:
        return at
    if zone == PyDateTime_TimeZone_UTC:
        at[0] = c'Z'
        return at + 1
    found = (<object> value).utcoffset()
    delta = <PyObject*> found
    if Py_TYPE(delta) != PyDateTimeAPI.DeltaType:
        return NULL
    seconds = PyDateTime_DELTA_GET_DAYS(delta) * <int64_t> 86_400 + PyDateTime_DELTA_GET_SECONDS(delta)
    microseconds = PyDateTime_DELTA_GET_MICROSECONDS(delta)
    if seconds == 0 and microseconds == 0:
        at[0] = c'Z'
        return at + 1
    at[0] = c'-' if seconds < 0 else c'+'
    if seconds < 0:
        turned(&seconds, &microseconds)
    at = pair(at + 1, seconds // 3600)
    at[0] = c':'
    at = pair(at + 1, seconds // 60 % 60)
    if seconds % 60 or microseconds:
        at[0] = c':'
        at = pair(at + 1, seconds % 60)
    return fraction(at, microseconds) if microseconds else at


cdef inline void turned(int64_t* seconds, int* microseconds) noexcept:
    # The other sign of a negative duration, of which the microseconds are never negative.
    seconds[0] = -seconds[0]
    if microseconds[0]:
        seconds[0] -= 1
        microseconds[0] = 1_000_000 - microseconds[0]


cdef char* duration(char* at, PyObject* value) noexcept:
    cdef int64_t seconds = PyDateTime_DELTA_GET_DAYS(value) * <int64_t> 86_400 + PyDateTime_DELTA_GET_SECONDS(value)
    cdef int microseconds = PyDateTime_DELTA_GET_MICROSECONDS(value)
    cdef int64_t days
    if seconds == 0 and microseconds == 0:
        memcpy(at, b"PT0S", 4)
        return at + 4
    if seconds < 0:
        at[0] = c'-'
        at += 1
        turned(&seconds, &microseconds)
    at[0] = c'P'
    days = seconds // 86_400
    seconds %= 86_400
    at = counted(counted(at + 1, days // 365, c'Y'), days % 365, c'D')
    if seconds == 0 and microseconds == 0:
        return at
    at[0] = c'T'
    at = counted(counted(at + 1, seconds // 3600, c'H'), seconds // 60 % 60, c'M')
    seconds %= 60
    if seconds == 0 and microseconds == 0:
        return at
    at = json_int(at, seconds)
    if microseconds:
        at = fraction(at, microseconds)
        while (at - 1)[0] == c'0':
            at -= 1
    at[0] = c'S'
    return at + 1


cdef inline char* counted(char* at, int64_t number, char unit) noexcept:
    if number:
        at = json_int(at, number)
        at[0] = unit
        at += 1
    return at


cdef char* identifier(char* at, PyObject* number) except? NULL:
    cdef uint64_t low, high
    cdef int index
    if number == NULL or Py_TYPE(number) != &PyLong_Type:
        return NULL
    low = PyLong_AsUnsignedLongLongMask(number)
    shifted = (<object> number) >> 64
    high = PyLong_AsUnsignedLongLong(<PyObject*> shifted)
    for index in range(16):
        if index == 8 or index == 12:
            at[0] = c'-'
            at += 1
        at[0] = HEX[(high >> (60 - 4 * index)) & 15]
        at += 1
    at[0] = c'-'
    at += 1
    for index in range(16):
        if index == 4:
            at[0] = c'-'
            at += 1
        at[0] = HEX[(low >> (60 - 4 * index)) & 15]
        at += 1
    return at


cdef int write_decimal(Buffer* out, Node* node, PyObject* value) except -1:
    # The text function is asked where the text is no plain number of few characters, or may be refused.
    text = str(<object> value)
    if not is_number(<PyObject*> text, node.highest):
        text = PyObject_CallOneArg(node.function, value)
    return write_text(out, node, text)


cdef bint is_number(PyObject* text, Py_ssize_t most) noexcept:
    # -?\d+(\.\d+)?([eE][+-]?\d{1,9})? of at most so many characters.
    cdef const char* at
    cdef const char* begin
    if Py_TYPE(text) != &PyUnicode_Type or not PyUnicode_IS_COMPACT_ASCII(text) or PyUnicode_GET_LENGTH(text) > most:
        return False
    at = <const char*> PyUnicode_1BYTE_DATA(text)  # ends with a zero byte
    if at[0] == c'-':
        at += 1
    begin = at
    at = after_digits(at)
    if at == begin:
        return False
    if at[0] == c'.':
        begin = at + 1
        at = after_digits(begin)
        if at == begin:
            return False
    if at[0] == c'e' or at[0] == c'E':
        at += 1
        if at[0] == c'+' or at[0] == c'-':
            at += 1
        begin = at
        at = after_digits(at)
        if at == begin or at - begin > 9:
            return False
    return at - <const char*> PyUnicode_1BYTE_DATA(text) == PyUnicode_GET_LENGTH(text)


cdef inline const char* after_digits(const char* at) noexcept:
    while c'0' <= at[0] <= c'9':
        at += 1
    return at


cdef int write_base64(Buffer* out, PyObject* value) except -1:
    cdef const unsigned char* data = <const unsigned char*> PyBytes_AS_STRING(value)
    cdef Py_ssize_t size = PyBytes_GET_SIZE(value), index = 0
    cdef uint64_t bits
    cdef char* at
    if size > PY_SSIZE_T_MAX // 8:
        return 0
    ensure(out, (size + 2) // 3 * 4 + 2)
    at = out.at
    at[0] = c'"'
    at += 1
    while index + 3 <= size:
        bits = (<uint64_t> data[index] << 16) | (data[index + 1] << 8) | data[index + 2]
        at = four(at, bits)
        index += 3
    if index < size:
        bits = <uint64_t> data[index] << 16
        if index + 1 < size:
            bits |= data[index + 1] << 8
        at = four(at, bits)
        (at - 1)[0] = c'='
        if index + 1 == size:
            (at - 2)[0] = c'='
    at[0] = c'"'
    out.at = at + 1
    return 1


cdef inline char* four(char* at, uint64_t bits) noexcept:
    at[0] = LETTERS[bits >> 18]
    at[1] = LETTERS[(bits >> 12) & 63]
    at[2] = LETTERS[(bits >> 6) & 63]
    at[3] = LETTERS[bits & 63]
    return at + 4


cdef int write_set(Buffer* out, Node* node, PyObject* value) except -1:
    # A set has no order; the function gives its elements as a list in the one that the pure path writes.
    if Py_TYPE(value) != &PySet_Type and Py_TYPE(value) != &PyFrozenSet_Type:
        return 0
    ordered = PyObject_CallOneArg(node.function, value)
    return write_list(out, node, <PyObject*> ordered)


cdef int write_any(Buffer* out, Node* node, PyObject* value, Py_ssize_t room) except -1:
    # Any JSON-like value, in which so many dicts and lists may be nested.
    cdef PyTypeObject* found = Py_TYPE(value)
    cdef Py_ssize_t size
    cdef const char* data
    if value == Py_None:
        return put(out, b"null", 4) if node.json else put(out, b"\xC0", 1)
    if found == &PyUnicode_Type:
        data = utf8(value, &size)
        if data == NULL:
            return 0
        return json_str(out, data, size) if node.json else msgpack_str(out, data, size)
    if found == &PyLong_Type:
        return write_int(out, node, value)
    if found == &PyFloat_Type:
        return write_float(out, node, PyFloat_AS_DOUBLE(value))
    if value == Py_True:
        return put(out, b"true", 4) if node.json else put(out, b"\xC3", 1)
    if value == Py_False:
        return put(out, b"false", 5) if node.json else put(out, b"\xC2", 1)
    if room < 1:
        return 0
    if found == &PyList_Type:
        return write_any_list(out, node, value, room - 1)
    return write_any_dict(out, node, value, room - 1) if found == &PyDict_Type else 0


cdef int write_any_list(Buffer* out, Node* node, PyObject* value, Py_ssize_t room) except -1:
    cdef Py_ssize_t index, count = PyList_GET_SIZE(value), begin = out.at - out.begin
    held = <object> value
    if node.json:
        if count == 0:
            return put(out, b"[]", 2)
    elif not container(out, count, 0x90, 0xDC):
        return 0
    for index in range(count):
        if node.json:
            put(out, b",", 1)
        if PyList_GET_SIZE(value) != count or not write_any(out, node, PyList_GET_ITEM(value, index), room):
            return 0
    if node.json:
        out.begin[begin] = c'['
        return put(out, b"]", 1)
    return 1


cdef int write_any_dict(Buffer* out, Node* node, PyObject* value, Py_ssize_t room) except -1:
    cdef Py_ssize_t count = PyDict_Size(value), written = 0, position = 0, begin = out.at - out.begin
    cdef PyObject* name
    cdef PyObject* item
    held = <object> value
    if node.json:
        if count == 0:
            return put(out, b"{}", 2)
    elif not container(out, count, 0x80, 0xDE):
        return 0
    while PyDict_Next(value, &position, &name, &item):
        if written == count or not write_name(out, node, name) or not write_any(out, node, item, room):
            return 0
        written += 1
    if written != count:
        return 0
    if node.json:
        out.begin[begin] = c'{'
        return put(out, b"}", 1)
    return 1


cdef int write_name(Buffer* out, Node* node, PyObject* name) except -1:
    # The name of a member of a map, with what separates it in JSON.
    cdef Py_ssize_t size
    cdef const char* text
    if Py_TYPE(name) != &PyUnicode_Type:
        return 0
    text = utf8(name, &size)
    if text == NULL:
        return 0
    if not node.json:
        return msgpack_str(out, text, size)
    put(out, b",", 1)
    json_str(out, text, size)
    return put(out, b":", 1)
