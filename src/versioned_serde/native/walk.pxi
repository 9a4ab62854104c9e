# Values by their plans.

cdef inline char* quick(char* at, Node* node, PyObject* value) noexcept:
    # Writes a short leaf, which is what most values are; NULL for any other.
    cdef PyTypeObject* found = Py_TYPE(value)
    cdef Py_ssize_t size
    cdef int64_t number
    if node.kind == MSGPACK_STR:
        if found == &PyUnicode_Type and PyUnicode_IS_COMPACT_ASCII(value):
            size = PyUnicode_GET_LENGTH(value)
            if size < 32:
                return msgpack_short_str(at, <const char*> PyUnicode_1BYTE_DATA(value), size)
    elif node.kind == MSGPACK_INT:
        if found == &PyLong_Type and short_int(value, &number) and node.lowest <= number <= node.highest:
            return msgpack_int(at, number)
    elif node.kind == MSGPACK_FLOAT:
        if found == &PyFloat_Type:
            return msgpack_float(at, PyFloat_AS_DOUBLE(value))
    elif node.kind == MSGPACK_BOOL:
        at[0] = <char> (0xC2 + (value == Py_True))
        if value == Py_True or value == Py_False:
            return at + 1
    elif node.kind == JSON_STR:
        if found == &PyUnicode_Type and PyUnicode_IS_COMPACT_ASCII(value):
            size = PyUnicode_GET_LENGTH(value)
            if size <= HIGH:
                return json_short_str(at, <const char*> PyUnicode_1BYTE_DATA(value), size)
    elif node.kind == JSON_INT:
        if found == &PyLong_Type and short_int(value, &number) and node.lowest <= number <= node.highest:
            return json_int(at, number)
    elif node.kind == JSON_FLOAT:
        if found == &PyFloat_Type:
            return json_short_float(at, PyFloat_AS_DOUBLE(value))
    elif node.kind == JSON_BOOL:
        if value == Py_True:
            memcpy(at, b"true", 4)
            return at + 4
        if value == Py_False:
            memcpy(at, b"false", 5)
            return at + 5
    return NULL


cdef inline int write_soon(Buffer* out, Node* node, PyObject* value) except -1:
    # `write` for callers in a loop. There is room for a leaf.
    cdef char* at = quick(out.at, node, value)
    if at == NULL:
        return write(out, node, value)
    out.at = at
    return 1


cdef int write(Buffer* out, Node* node, PyObject* value) except -1:
    cdef PyTypeObject* found = Py_TYPE(value)
    cdef Py_ssize_t size
    cdef const char* data
    if value == Py_None:
        if not node.nullable:
            return 0
        return put(out, b"null", 4) if node.json else put(out, b"\xC0", 1)
    if node.kind == OBJECT:
        held = <object> value
        return write_object(out, node, value)
    if node.kind == MSGPACK_STR or node.kind == JSON_STR:
        if found != &PyUnicode_Type:
            return 0
        data = utf8(value, &size)
        if data == NULL:
            return 0
        return json_str(out, data, size) if node.json else msgpack_str(out, data, size)
    if node.kind == MSGPACK_INT or node.kind == JSON_INT:
        return write_int(out, node, value) if found == &PyLong_Type else 0
    if node.kind == MSGPACK_FLOAT or node.kind == JSON_FLOAT:
        if found == &PyFloat_Type:
            return write_float(out, node, PyFloat_AS_DOUBLE(value))
        return write_int_as_float(out, node, value) if found == &PyLong_Type else 0
    if node.kind == MSGPACK_BOOL or node.kind == JSON_BOOL:
        return 0 if value != Py_True and value != Py_False else write_leaf(out, node, value)
    return write_rare(out, node, value)


cdef int write_leaf(Buffer* out, Node* node, PyObject* value) except -1:
    ensure(out, LEAF)
    out.at = quick(out.at, node, value)
    return 1


cdef int write_int(Buffer* out, Node* node, PyObject* value) except -1:
    cdef int overflow
    cdef int64_t number = PyLong_AsLongLongAndOverflow(value, &overflow)
    if overflow or number < node.lowest or number > node.highest:
        return 0
    ensure(out, LEAF)
    out.at = json_int(out.at, number) if node.json else msgpack_int(out.at, number)
    return 1


cdef int write_float(Buffer* out, Node* node, double value) except -1:
    cdef char* at
    ensure(out, LEAF)
    at = json_short_float(out.at, value) if node.json else msgpack_float(out.at, value)
    if at == NULL:
        return json_long_float(out, value, node.function)
    out.at = at
    return 1


cdef int write_int_as_float(Buffer* out, Node* node, PyObject* value) except -1:
    # For type checkers an int is a float. Up to here every int exactly is one.
    cdef int overflow
    cdef int64_t number = PyLong_AsLongLongAndOverflow(value, &overflow)
    if overflow or number < -(1LL << 53) or number > (1LL << 53):
        return 0
    return write_float(out, node, <double> number)


cdef int write_rare(Buffer* out, Node* node, PyObject* value) except -1:
    held = <object> value
    if node.kind == LIST:
        return write_list(out, node, value)
    if node.kind == ENUM:
        return write_enum(out, node, value)
    if node.kind == MAP:
        return write_map(out, node, value)
    if node.kind == UNION:
        return write_union(out, node, value)
    if node.kind == BYTES:
        if Py_TYPE(value) != &PyBytes_Type:
            return 0
        return msgpack_bin(out, PyBytes_AS_STRING(value), PyBytes_GET_SIZE(value))
    if node.kind == SET:
        return write_set(out, node, value)
    if node.kind == ANY:
        return write_any(out, node, value, node.count)
    return write_rich(out, node, value)


cdef int write_text(Buffer* out, Node* node, text) except -1:
    # What a text function gave, which never has to be escaped.
    cdef Py_ssize_t size
    cdef const char* data
    if Py_TYPE(<PyObject*> text) != &PyUnicode_Type:
        return 0
    data = utf8(<PyObject*> text, &size)
    if data == NULL:
        return 0
    if not node.json:
        return msgpack_str(out, data, size)
    put(out, b'"', 1)
    put(out, data, size)
    return put(out, b'"', 1)


cdef int write_enum(Buffer* out, Node* node, PyObject* value) except -1:
    cdef Py_ssize_t index
    cdef PyObject* data = NULL
    for index in range(node.count):
        if node.pieces[index].member == value:
            data = node.pieces[index].data
            return put(out, PyBytes_AS_STRING(data), PyBytes_GET_SIZE(data))
    if Py_TYPE(value) != node.raw_type:
        return 0
    data = PyDict_GetItemWithError(node.by_raw, value)
    if data != NULL:
        return put(out, PyBytes_AS_STRING(data), PyBytes_GET_SIZE(data))
    return 0 if node.unlisted == NULL else write(out, node.unlisted, value)


cdef int write_list(Buffer* out, Node* node, PyObject* value) except -1:
    cdef Py_ssize_t index, count, begin = out.at - out.begin
    cdef bint is_list = Py_TYPE(value) == &PyList_Type
    cdef PyObject* item
    if not is_list and Py_TYPE(value) != &PyTuple_Type:
        return 0
    count = PyList_GET_SIZE(value) if is_list else PyTuple_GET_SIZE(value)
    if node.json:
        if count == 0:
            return put(out, b"[]", 2)
    elif not container(out, count, 0x90, 0xDC):
        return 0
    for index in range(count):
        ensure(out, LEAF + 1)
        if node.json:
            out.at[0] = c','
            out.at += 1
        if not is_list:
            item = PyTuple_GET_ITEM(value, index)
        elif PyList_GET_SIZE(value) == count:
            item = PyList_GET_ITEM(value, index)
        else:
            return 0  # Python code that was called has changed it
        if not write_soon(out, node.item, item):
            return 0
    if node.json:
        out.begin[begin] = c'['
        return put(out, b"]", 1)
    return 1


cdef int write_map(Buffer* out, Node* node, PyObject* value) except -1:
    cdef Py_ssize_t count, written = 0, position = 0, begin = out.at - out.begin
    cdef PyObject* name
    cdef PyObject* item
    if Py_TYPE(value) != &PyDict_Type:
        return 0
    count = PyDict_Size(value)
    if node.json:
        if count == 0:
            return put(out, b"{}", 2)
    elif not container(out, count, 0x80, 0xDE):
        return 0
    while PyDict_Next(value, &position, &name, &item):
        if written == count or not write_name(out, node, name):
            return 0
        written += 1
        ensure(out, LEAF)
        if not write_soon(out, node.item, item):
            return 0
    if written != count:
        return 0
    if node.json:
        out.begin[begin] = c'{'
        return put(out, b"}", 1)
    return 1


cdef int write_union(Buffer* out, Node* node, PyObject* value) except -1:
    cdef Py_ssize_t index
    for index in range(node.count):
        if node.arms[index].model == Py_TYPE(value):
            return write_object(out, node.arms[index], value)
    return 0


cdef int write_object(Buffer* out, Node* node, PyObject* instance) except -1:
    cdef Py_ssize_t begin = out.at - out.begin, written = 0
    if Py_TYPE(instance) != node.model:
        return 0
    ensure(out, LEAF)
    memcpy(out.at, node.head, 8)
    out.at += node.head_size
    if node.given:
        written = write_given(out, node, instance)
    else:
        written = write_slots(out, node, instance)
    if written < 0:
        return 0
    if not node.json:
        return 1 if written == node.count else correct_map(out, begin, node.head_size, written)
    if written == 0:
        return put(out, b"{}", 2)
    out.begin[begin] = c'{'  # in the place of the first comma
    return put(out, b"}", 1)


cdef inline int write_member(Buffer* out, Slot* slot, PyObject* value) except -1:
    ensure(out, slot.room)
    put_padded(out, slot.key, slot.key_size)
    return write_soon(out, slot.node, value)


cdef inline bint goes_without(Buffer* out, Slot* slot) noexcept:
    # Whether a value that is there is not written.
    out.mixed |= slot.undeclared
    return slot.left_out


cdef int write_missing(Buffer* out, Slot* slot) except -1:
    # What is written for a value without the attribute. 2: nothing had to be.
    if slot.constant == NULL:
        return 0 if slot.needed else 2
    if goes_without(out, slot):
        return 2
    return put(out, slot.constant, slot.constant_size)


cdef Py_ssize_t write_given(Buffer* out, Node* node, PyObject* instance) except -2:
    # The attributes in an instance's dict that are in its set of those given; how many, or -1 for something unusual.
    cdef Py_ssize_t position = 0, written = 0
    cdef Slot* slot = node.slots
    cdef Slot* end = slot + node.count
    cdef PyObject* name
    cdef PyObject* value
    cdef PyObject* found
    cdef PyObject* given = (<PyObject**> (<char*> instance + node.given))[0]
    cdef PyObject* more
    cdef int done, step
    if given == NULL or Py_TYPE(given) != &PySet_Type:
        return -1
    if node.extra:
        more = (<PyObject**> (<char*> instance + node.extra))[0]
        if more != Py_None and (more == NULL or Py_TYPE(more) != &PyDict_Type or PyDict_Size(more)):
            return -1
    held = <object> given
    attributes = PyObject_GenericGetDict(instance, NULL)
    found = <PyObject*> attributes
    if Py_TYPE(found) != &PyDict_Type:
        return -1
    while slot != end:
        # Mostly the dict is in the order of the attributes. Then the next one is found without a look-up.
        name = NULL
        if slot.simple:
            PyDict_Next(found, &position, &name, &value)
        else:
            for step in range(slot.steps):
                PyDict_Next(found, &position, &name, &value)
            if not slot.always and (slot.name == NULL or not PySet_Contains(given, slot.name)):
                done = write_missing(out, slot)
                if done == 0:
                    return -1
                written += done == 1
                slot += 1
                continue
        if name != slot.name:
            value = PyDict_GetItemWithError(found, slot.name)
            if value == NULL:
                return -1
        if slot.simple or not goes_without(out, slot):
            if not write_member(out, slot, value):
                return -1
            written += 1
        slot += 1
    return written


cdef Py_ssize_t write_slots(Buffer* out, Node* node, PyObject* instance) except -2:
    # The attributes of an instance that are not marked as absent; how many, or -1 for something unusual.
    cdef object owned  # what is looked up by name, held until the next one
    cdef Py_ssize_t written = 0
    cdef Slot* slot = node.slots
    cdef Slot* end = slot + node.count
    cdef PyObject* value
    cdef int done
    while slot != end:
        if slot.offset:
            value = (<PyObject**> (<char*> instance + slot.offset))[0]
        elif slot.name == NULL:
            value = node.absent
        else:
            owned = getattr(<object> instance, <object> slot.name)
            value = <PyObject*> owned
        if value == NULL:
            return -1
        if value == node.absent:
            done = write_missing(out, slot)
            if done == 0:
                return -1
            written += done == 1
        elif slot.simple or not goes_without(out, slot):
            if not write_member(out, slot, value):
                return -1
            written += 1
        slot += 1
    return written
