# Plans: what is known of a shape before there is a value, as C structs in a Python object that owns them.

cdef enum Kind:
    # What is frequent comes first, for each format.
    MSGPACK_STR
    MSGPACK_INT
    MSGPACK_FLOAT
    MSGPACK_BOOL
    JSON_STR
    JSON_INT
    JSON_FLOAT
    JSON_BOOL
    BYTES
    TEXT  # a str that a Python function gives
    ENUM
    LIST
    MAP
    OBJECT
    UNION


cdef struct Node:
    Kind kind
    bint json
    bint nullable
    # INT
    int64_t lowest
    int64_t highest
    # TEXT: the function. FLOAT: the one for floats with an exponent.
    PyObject* function
    # ENUM: members in memory and their texts; by raw value, too, and what a raw value of no member is written as
    Py_ssize_t count  # also the number of slots or arms
    Piece* pieces
    PyObject* by_raw
    PyTypeObject* raw_type
    Node* unlisted
    # LIST, MAP
    Node* item
    # OBJECT
    PyTypeObject* model
    Py_ssize_t given  # where the set of the attributes given is in an instance; 0 where there is none
    char head[8]  # how a MessagePack map of all attributes begins
    int head_size
    PyObject* absent  # the value of an attribute that has none
    Slot* slots
    # UNION
    Node** arms


cdef struct Piece:
    PyObject* member
    PyObject* data  # bytes


cdef struct Slot:
    # What `plans.Entry` says.
    PyObject* name
    const char* key  # and zeros after it
    Py_ssize_t key_size
    const char* constant
    Py_ssize_t constant_size
    int steps
    bint always
    bint needed
    bint undeclared
    bint left_out
    Py_ssize_t offset  # in the instance; 0 for a look-up by name
    Py_ssize_t room  # more than the key and a leaf take
    bint simple  # declared, and in every instance of which all is usual; in a dict it is the next
    Node* node


cdef class Plan:
    """How the values of one type are written. Made by the functions below, for one place in one shape."""

    cdef Node node
    cdef list kept

    def __cinit__(self):
        self.kept = []

    def __dealloc__(self):
        PyMem_Free(self.node.pieces)
        PyMem_Free(self.node.slots)
        PyMem_Free(self.node.arms)

    cdef PyObject* keep(self, object thing):
        self.kept.append(thing)
        return <PyObject*> thing


cdef void* array(Py_ssize_t count, Py_ssize_t size) except NULL:
    cdef void* made = PyMem_Calloc(count if count else 1, size)
    if made == NULL:
        raise MemoryError
    return made


cdef Plan planned(Kind kind, bint json):
    cdef Plan plan = Plan()
    plan.node.kind = kind
    plan.node.json = json
    return plan


def nullable(Plan plan not None):
    plan.node.nullable = True
    return plan


def string(bint json):
    return planned(JSON_STR if json else MSGPACK_STR, json)


def boolean(bint json):
    return planned(JSON_BOOL if json else MSGPACK_BOOL, json)


def binary(bint json):
    return planned(BYTES, json)


def integer(bint json, lowest, highest):
    cdef Plan plan = planned(JSON_INT if json else MSGPACK_INT, json)
    plan.node.lowest = lowest
    plan.node.highest = highest
    return plan


def real(bint json, float_text):
    cdef Plan plan = planned(JSON_FLOAT if json else MSGPACK_FLOAT, json)
    plan.node.function = plan.keep(float_text)
    return plan


def text(bint json, function):
    cdef Plan plan = planned(TEXT, json)
    plan.node.function = plan.keep(function)
    return plan


def enumeration(bint json, list members not None, dict by_raw not None, type raw_type not None, Plan unlisted):
    cdef Plan plan = planned(ENUM, json)
    cdef Py_ssize_t index
    plan.node.count = len(members)
    plan.node.pieces = <Piece*> array(len(members), sizeof(Piece))
    for index, (member, data) in enumerate(members):
        plan.node.pieces[index].member = plan.keep(member)
        plan.node.pieces[index].data = plan.keep(<bytes?> data)
    for data in by_raw.values():
        plan.keep(<bytes?> data)
    plan.node.by_raw = plan.keep(by_raw)
    plan.node.raw_type = <PyTypeObject*> plan.keep(raw_type)
    if unlisted is not None:
        plan.kept.append(unlisted)
        plan.node.unlisted = &unlisted.node
    return plan


def sequence(Plan item not None):
    return within(LIST, item)


def mapping(Plan item not None):
    return within(MAP, item)


cdef Plan within(Kind kind, Plan item):
    cdef Plan plan = planned(kind, item.node.json)
    plan.kept.append(item)
    plan.node.item = &item.node
    return plan


def record(bint json, model, given, absent, entries):
    cdef Plan plan = planned(OBJECT, json), inner
    cdef Py_ssize_t index
    cdef Slot* slot
    if not isinstance(model, type):
        raise TypeError("not a class")
    plan.node.model = <PyTypeObject*> plan.keep(model)
    plan.node.given = 0 if given is None else place(given)
    plan.node.absent = plan.keep(absent)
    plan.node.count = len(entries)
    if plan.node.count > 0xFFFF:
        raise ValueError("too many attributes")
    if not json:
        plan.node.head_size = map_head(plan.node.head, plan.node.count)
    plan.node.slots = <Slot*> array(len(entries), sizeof(Slot))
    for index, entry in enumerate(entries):
        slot = &plan.node.slots[index]
        slot.key = padded(plan, entry.key)
        slot.key_size = len(entry.key)
        if entry.constant is not None:
            slot.constant = PyBytes_AS_STRING(plan.keep(<bytes?> entry.constant))
            slot.constant_size = len(entry.constant)
        slot.room = slot.key_size + PADDING + LEAF
        slot.simple = not entry.undeclared and (given is None or (entry.always and entry.steps == 1))
        slot.steps = entry.steps
        slot.always = entry.always
        slot.needed = entry.needed
        slot.undeclared = entry.undeclared
        slot.left_out = entry.left_out
        if entry.name is not None:
            inner = entry.plan
            plan.kept.append(inner)
            slot.node = &inner.node
            slot.name = plan.keep(intern(<str?> entry.name))
            slot.offset = 0 if entry.member is None else place(entry.member)
        elif entry.constant is None:
            raise TypeError("neither a value nor a constant")
    return plan


cdef const char* padded(Plan plan, bytes data) except NULL:
    return PyBytes_AS_STRING(plan.keep(data + bytes(PADDING)))


cdef Py_ssize_t place(member) except -1:
    cdef PyMemberDef* found
    if Py_TYPE(<PyObject*> member) != &PyMemberDescr_Type:
        raise TypeError("not a slot")
    found = (<PyMemberDescrObject*> member).d_member
    if found.type != T_OBJECT_EX or found.offset <= 0:
        raise TypeError("not a slot for an object")
    return found.offset


def union(bint json, list arms not None):
    cdef Plan plan = planned(UNION, json), arm
    cdef Py_ssize_t index
    plan.node.count = len(arms)
    plan.node.arms = <Node**> array(len(arms), sizeof(Node*))
    for index, arm in enumerate(arms):
        plan.kept.append(arm)
        plan.node.arms[index] = &arm.node
    return plan
