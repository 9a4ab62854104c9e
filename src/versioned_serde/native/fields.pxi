# Whether a message that protobuf itself has just written consists of declared fields alone. Nothing is decoded: values
# are stepped over, and the first field that is not declared ends it, so bytes that a stranger wrote are never looked at.

cdef enum FieldKind:
    UNDECLARED
    VARINT
    FOUR
    EIGHT
    SIZED
    MESSAGE
    SINGLE  # a float of 4 bytes
    SINGLES  # packed


cdef struct Field:
    uint32_t tag  # number and wire type; 0 for a number that is not declared
    FieldKind kind
    Table* within


cdef struct Table:
    uint8_t kinds[128]  # by tags of one byte
    uint32_t highest
    Field* fields  # by number


cdef class Fields:
    """The fields of a message class.

    Args:
        declared: number -> kind, by the names of `FieldKind` in lower case, and for a `message` its fields.
    """

    cdef Table table
    cdef list kept

    def __cinit__(self, dict declared not None):
        cdef Fields inner
        cdef Field* field
        self.kept = []
        self.table.highest = max(declared, default=0)
        self.table.fields = <Field*> PyMem_Calloc(self.table.highest + 1, sizeof(Field))
        if self.table.fields == NULL:
            raise MemoryError
        for number, (kind, inner) in declared.items():
            field = &self.table.fields[<uint32_t> number]
            field.kind, wire = {
                "varint": (VARINT, 0),
                "four": (FOUR, 5),
                "eight": (EIGHT, 1),
                "sized": (SIZED, 2),
                "message": (MESSAGE, 2),
                "single": (SINGLE, 5),
                "singles": (SINGLES, 2),
            }[kind]
            field.tag = <uint32_t> number << 3 | <uint32_t> wire
            if field.tag < 128:
                self.table.kinds[field.tag] = field.kind
            if inner is not None:
                self.kept.append(inner)
                field.within = &inner.table

    def __dealloc__(self):
        PyMem_Free(self.table.fields)

    def __call__(self, bytes payload not None):
        """Whether the payload holds no fields but these."""
        return self.alone(<PyObject*> payload)

    cdef bint alone(self, PyObject* payload) noexcept:
        cdef const uint8_t* begin = <const uint8_t*> PyBytes_AS_STRING(payload)
        return declared_alone(&self.table, begin, begin + PyBytes_GET_SIZE(payload))


cdef inline const uint8_t* varint(const uint8_t* at, const uint8_t* end, uint64_t* value) noexcept:
    # Behind the number at `at`, or NULL.
    cdef int shift = 0
    value[0] = 0
    while at < end and shift < 64:
        value[0] |= <uint64_t> (at[0] & 0x7F) << shift
        at += 1
        if at[-1] < 0x80:
            return at
        shift += 7
    return NULL


cdef bint finite(const uint8_t* at, const uint8_t* end) noexcept:
    # Whether all floats of 4 bytes are: upb's Python reads some that are no number as others.
    while at < end:
        if at[3] & 0x7F == 0x7F and at[2] & 0x80:
            return False
        at += 4
    return True


cdef bint declared_alone(Table* table, const uint8_t* at, const uint8_t* end) noexcept:
    # What is most frequent first: a tag of one byte, and a value or its size in another one. Behind the last byte of a
    # `bytes` there is a zero, so that one can be looked at; that a value does not end beyond is looked at at the end.
    cdef uint8_t kind
    while at < end:
        kind = UNDECLARED if at[0] >= 0x80 else table.kinds[at[0]]
        if kind == SIZED and at[1] < 0x80:
            at += 2 + at[1]
        elif kind == VARINT and at[1] < 0x80:
            at += 2
        elif kind == EIGHT:
            at += 9
        elif kind == MESSAGE and at[1] < 0x80 and at[1] <= end - at - 2:
            if not declared_alone(table.fields[at[0] >> 3].within, at + 2, at + 2 + at[1]):
                return False
            at += 2 + at[1]
        else:
            at = behind(table, at, end)
            if at == NULL:
                return False
    return at == end


cdef const uint8_t* behind(Table* table, const uint8_t* at, const uint8_t* end) noexcept:
    # Behind any declared field; NULL if it is none.
    cdef uint64_t tag, size
    cdef Field* field
    at = varint(at, end, &tag)
    if at == NULL or tag >> 3 > table.highest:
        return NULL
    field = &table.fields[tag >> 3]
    if field.kind == UNDECLARED or field.tag != tag:
        return NULL
    if field.kind == VARINT:
        return varint(at, end, &size)
    if field.kind == EIGHT:
        size = 8
    elif field.kind == FOUR or field.kind == SINGLE:
        size = 4
    else:
        at = varint(at, end, &size)
    if at == NULL or size > <uint64_t> (end - at):
        return NULL
    if field.kind == MESSAGE:
        if not declared_alone(field.within, at, at + size):
            return NULL
    elif field.kind >= SINGLE and (size % 4 or not finite(at, at + size)):
        return NULL
    return at + size
