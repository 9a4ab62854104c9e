# Twins -> instances. What is unusual is raised: then nothing of it is used.

cdef struct Walk:
    bint json
    Py_ssize_t names  # of members that were kept
    Py_ssize_t texts
    bint zero  # 0.0 was found


cdef object make(Walk* walk, Node* node, PyObject* value):
    cdef Py_ssize_t index
    if value == Py_None:
        if node.nullable:
            return None
        raise Unusual
    if node.kind == PLAIN:
        return <object> value
    if node.kind == STR:
        walk.texts += 1
        return <object> value
    if node.kind == FLOAT:
        check_float(walk, PyFloat_AS_DOUBLE(value))
        return <object> value
    if node.kind == OBJECT:
        return make_object(walk, node, value)
    if node.kind == LIST:
        return make_list(walk, node, value)
    if node.kind == TUPLE:
        return PyList_AsTuple(make_list(walk, node, value))
    if node.kind == MAP:
        return make_map(walk, node, value)
    if node.kind == UNION:
        for index in range(node.count):
            if node.arms[index].twin == Py_TYPE(value):
                return make_object(walk, node.arms[index], value)
        raise Unusual
    walk.texts += Py_TYPE(value) == &PyUnicode_Type
    if node.kind == TEXT:
        return PyObject_CallOneArg(node.how, value)
    value = PyDict_GetItemWithError(node.how, value)
    if value == NULL:
        raise Unusual
    return <object> value


cdef inline int check_float(Walk* walk, double value) except -1:
    if walk.json:
        walk.zero |= value == 0.0
    elif fabs(value) >= EXACT:
        raise Unusual  # perhaps it was an int, and none exactly
    return 0


cdef object make_list(Walk* walk, Node* node, PyObject* value):
    # In place: nobody else has the list.
    cdef Py_ssize_t index
    cdef Node* item = node.item
    if Py_TYPE(value) != &PyList_Type:
        raise Unusual
    held = <object> value
    if item.kind != PLAIN:
        for index in range(PyList_GET_SIZE(value)):
            made = make(walk, item, PyList_GET_ITEM(value, index))
            Py_INCREF(<PyObject*> made)
            PyList_SetItem(value, index, <PyObject*> made)
    return held


cdef object make_map(Walk* walk, Node* node, PyObject* value):
    cdef Py_ssize_t at = 0
    cdef PyObject* key
    cdef PyObject* found
    cdef Node* item = node.item
    if Py_TYPE(value) != &PyDict_Type:
        raise Unusual
    held = <object> value
    walk.names += PyDict_Size(value)
    if item.kind != PLAIN:
        while PyDict_Next(value, &at, &key, &found):
            made = make(walk, item, found)
            PyDict_SetItem(held, key, <PyObject*> made)
    return held


cdef object make_object(Walk* walk, Node* node, PyObject* twin):
    cdef Py_ssize_t index, absent = 0
    cdef PyObject* value
    cdef Slot* slot
    if Py_TYPE(twin) != node.twin:
        raise Unusual
    values = {} if node.blank == NULL else PyDict_Copy(node.blank)
    for index in range(node.count):
        slot = &node.slots[index]
        value = looked_up(slot, twin)
        if value == node.unset:
            absent += 1
            if slot.fresh != NULL:
                made = PyObject_CallNoArgs(slot.fresh)
                PyDict_SetItem(values, slot.name, <PyObject*> made)
        elif slot.node.kind == PLAIN:
            PyDict_SetItem(values, slot.name, value)
        elif slot.node.kind == STR:
            walk.texts += value != Py_None
            PyDict_SetItem(values, slot.name, value)
        else:
            made = make(walk, slot.node, value)
            PyDict_SetItem(values, slot.name, <PyObject*> made)
    walk.names += node.count - absent
    if node.function != NULL:
        return PyObject_CallOneArg(node.function, <PyObject*> values)
    return filled(node, values, PySet_New(node.names) if absent == 0 else given(node, twin))


cdef inline PyObject* looked_up(Slot* slot, PyObject* twin) noexcept:
    return (<PyObject**> (<char*> twin + slot.offset))[0] if slot.offset else slot.constant


cdef object given(Node* node, PyObject* twin):
    cdef Py_ssize_t index
    names = PySet_New(NULL)
    for index in range(node.count):
        if looked_up(&node.slots[index], twin) != node.unset:
            PySet_Add(names, node.slots[index].name)
    return names


cdef object filled(Node* node, values, names):
    # As pydantic does it when it has validated; see `protocols.Making`.
    cdef PyObject* instance = node.model.tp_alloc(node.model, 0)
    made = <object> instance
    Py_DECREF(instance)
    PyObject_GenericSetDict(instance, <PyObject*> values, NULL)
    put(instance, node.given, names)
    put(instance, node.extra, {} if node.extras else None)
    put(instance, node.hidden, None)
    if node.finish != NULL:
        (<object> node.finish)(made, None)
    return made


cdef inline void put(PyObject* instance, Py_ssize_t offset, thing) noexcept:
    # The slot of a new instance is empty.
    Py_INCREF(<PyObject*> thing)
    (<PyObject**> (<char*> instance + offset))[0] = <PyObject*> thing
