# Values by their plans.

cdef int write(Buffer* out, Node* node, PyObject* value) except -1:
    cdef PyTypeObject* found = Py_TYPE(value)
    if node.kind == STR:
        if found == &PyUnicode_Type:
            return json_str(out, value) if out.json else msgpack_str(out, value)
    elif node.kind == INT:
        if found == &PyLong_Type:
            return write_int(out, node, value)
    elif node.kind == FLOAT:
        if found == &PyFloat_Type:
            if out.json:
                return json_float(out, PyFloat_AS_DOUBLE(value), node.function)
            return msgpack_float(out, PyFloat_AS_DOUBLE(value))
    elif node.kind == BOOL:
        if value == Py_True:
            return put(out, b"true", 4) if out.json else put_byte(out, <char> 0xC3)
        if value == Py_False:
            return put(out, b"false", 5) if out.json else put_byte(out, <char> 0xC2)
    elif value != Py_None:
        return write_rare(out, node, value)
    if value == Py_None and node.nullable:
        return put(out, b"null", 4) if out.json else put_byte(out, <char> 0xC0)
    if found == &PyLong_Type and node.kind == FLOAT:
        return write_int_as_float(out, node, value)
    return 0


cdef inline int write_soon(Buffer* out, Node* node, PyObject* value) except -1:
    # `write` for callers in a loop: a str, which is what is most frequent, takes a call less.
    if node.kind == STR and Py_TYPE(value) == &PyUnicode_Type:
        return json_str(out, value) if out.json else msgpack_str(out, value)
    return write(out, node, value)


cdef inline int write_int(Buffer* out, Node* node, PyObject* value) except -1:
    cdef int overflow
    cdef int64_t number = PyLong_AsLongLongAndOverflow(value, &overflow)
    if overflow or number < node.lowest or number > node.highest:
        return 0
    return json_int(out, number) if out.json else msgpack_int(out, number)


cdef int write_int_as_float(Buffer* out, Node* node, PyObject* value) except -1:
    # For type checkers an int is a float. Up to here every int exactly is one.
    cdef int overflow
    cdef int64_t number = PyLong_AsLongLongAndOverflow(value, &overflow)
    if overflow or number < -(1LL << 53) or number > (1LL << 53):
        return 0
    return json_float(out, <double> number, node.function) if out.json else msgpack_float(out, <double> number)


cdef int write_rare(Buffer* out, Node* node, PyObject* value) except -1:
    held = <object> value
    if node.kind == OBJECT:
        return write_object(out, node, value)
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
    text = PyObject_CallOneArg(node.function, value)
    if Py_TYPE(<PyObject*> text) != &PyUnicode_Type:
        return 0
    return json_quoted(out, <PyObject*> text) if out.json else msgpack_str(out, <PyObject*> text)


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
    cdef Py_ssize_t index, count, begin = out.size
    cdef bint is_list = Py_TYPE(value) == &PyList_Type
    cdef PyObject* item
    if not is_list and Py_TYPE(value) != &PyTuple_Type:
        return 0
    count = PyList_GET_SIZE(value) if is_list else PyTuple_GET_SIZE(value)
    if out.json:
        if count == 0:
            return put(out, b"[]", 2)
    elif not container(out, count, 0x90, 0xDC):
        return 0
    for index in range(count):
        if out.json:
            put_byte(out, c',')
        if not is_list:
            item = PyTuple_GET_ITEM(value, index)
        elif PyList_GET_SIZE(value) == count:
            item = PyList_GET_ITEM(value, index)
        else:
            return 0  # Python code that was called has changed it
        if not write_soon(out, node.item, item):
            return 0
    if out.json:
        out.data[begin] = c'['
        return put_byte(out, c']')
    return 1


cdef int write_map(Buffer* out, Node* node, PyObject* value) except -1:
    cdef Py_ssize_t count, written = 0, position = 0, begin = out.size
    cdef PyObject* name
    cdef PyObject* item
    if Py_TYPE(value) != &PyDict_Type:
        return 0
    count = PyDict_Size(value)
    if out.json:
        if count == 0:
            return put(out, b"{}", 2)
    elif not container(out, count, 0x80, 0xDE):
        return 0
    while PyDict_Next(value, &position, &name, &item):
        if written == count or Py_TYPE(name) != &PyUnicode_Type:
            return 0
        written += 1
        if out.json:
            put_byte(out, c',')
            if not json_str(out, name):
                return 0
            put_byte(out, c':')
        elif not msgpack_str(out, name):
            return 0
        if not write_soon(out, node.item, item):
            return 0
    if written != count:
        return 0
    if out.json:
        out.data[begin] = c'{'
        return put_byte(out, c'}')
    return 1


cdef int write_union(Buffer* out, Node* node, PyObject* value) except -1:
    cdef Py_ssize_t index
    for index in range(node.count):
        if node.arms[index].model == Py_TYPE(value):
            return write_object(out, node.arms[index], value)
    return 0


cdef int write_object(Buffer* out, Node* node, PyObject* instance) except -1:
    cdef Py_ssize_t begin = out.size, written = 0
    if Py_TYPE(instance) != node.model:
        return 0
    if not out.json and not container(out, node.count, 0x80, 0xDE):
        return 0
    if node.given:
        written = write_given(out, node, instance)
    else:
        written = write_slots(out, node, instance)
    if written < 0:
        return 0
    if not out.json:
        return 1 if written == node.count else correct_map(out, begin, node.count, written)
    if written == 0:
        return put(out, b"{}", 2)
    out.data[begin] = c'{'  # in the place of the first comma
    return put_byte(out, c'}')


cdef Py_ssize_t write_given(Buffer* out, Node* node, PyObject* instance) except -2:
    # The attributes in an instance's dict that are in its set of those given; how many, or -1 for something unusual.
    cdef Py_ssize_t index, position = 0, written = 0
    cdef Slot* slot
    cdef PyObject* name
    cdef PyObject* value
    cdef PyObject* given = (<PyObject**> (<char*> instance + node.given))[0]
    if given == NULL or Py_TYPE(given) != &PySet_Type:
        return -1
    held = <object> given
    attributes = PyObject_GenericGetDict(instance, NULL)
    if Py_TYPE(<PyObject*> attributes) != &PyDict_Type:
        return -1
    for index in range(node.count):
        slot = &node.slots[index]
        # Mostly the dict is in the order of the attributes. Then the next one is found without a look-up.
        if not PyDict_Next(<PyObject*> attributes, &position, &name, &value):
            name = NULL
        if not slot.always and not PySet_Contains(given, slot.name):
            if slot.needed:
                return -1
            continue
        if name != slot.name:
            value = PyDict_GetItemWithError(<PyObject*> attributes, slot.name)
            if value == NULL:
                return -1
        put_padded(out, slot.key, slot.key_size)
        if not write_soon(out, slot.node, value):
            return -1
        written += 1
    return written


cdef Py_ssize_t write_slots(Buffer* out, Node* node, PyObject* instance) except -2:
    # The attributes of an instance that are not marked as absent; how many, or -1 for something unusual.
    cdef Py_ssize_t index, written = 0
    cdef Slot* slot
    cdef PyObject* value
    for index in range(node.count):
        slot = &node.slots[index]
        if slot.offset:
            value = (<PyObject**> (<char*> instance + slot.offset))[0]
            if value == NULL:
                return -1
            if value != node.absent:
                put_padded(out, slot.key, slot.key_size)
                if not write_soon(out, slot.node, value):
                    return -1
                written += 1
                continue
        else:
            owned = getattr(<object> instance, <object> slot.name)
            if <PyObject*> owned != node.absent:
                put_padded(out, slot.key, slot.key_size)
                if not write_soon(out, slot.node, <PyObject*> owned):
                    return -1
                written += 1
                continue
        if slot.needed:
            return -1
    return written
