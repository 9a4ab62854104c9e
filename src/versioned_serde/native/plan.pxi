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
    DATETIME
    DATE
    TIME
    TIMEDELTA
    IDENTIFIER  # a UUID
    DECIMAL
    BASE64
    ANY
    SET
    ENUM
    LIST
    MAP
    OBJECT
    UNION


cdef struct Node:
    Kind kind
    bint json
    bint nullable
    # INT, ANY. DECIMAL: `highest` is the longest text.
    int64_t lowest
    int64_t highest
    # FLOAT, ANY: the text of floats with an exponent. DECIMAL: of those that are no plain number. SET: its order.
    PyObject* function
    # ENUM: members in memory and their texts; by raw value, too, and what a raw value of no member is written as
    Py_ssize_t count  # also the number of slots or arms; in ANY, how many dicts and lists may be nested
    Piece* pieces
    PyObject* by_raw
    PyTypeObject* raw_type
    Node* unlisted
    # LIST, SET, MAP
    Node* item
    # OBJECT
    PyTypeObject* model
    Py_ssize_t extra  # where what stands beside the declared attributes is in an instance; 0 where there is none
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


def rich(bint json, str name not None):
    kinds = {
        "datetime": DATETIME, "date": DATE, "time": TIME, "timedelta": TIMEDELTA, "uuid": IDENTIFIER, "bytes": BASE64
    }
    return planned(kinds[name], json)


def decimal(bint json, function, longest):
    cdef Plan plan = planned(DECIMAL, json)
    plan.node.function = plan.keep(function)
    plan.node.highest = longest
    return plan


def anything(bint json, lowest, highest, float_text, room):
    cdef Plan plan = integer(json, lowest, highest)
    plan.node.kind = ANY
    plan.node.nullable = True
    plan.node.function = plan.keep(float_text)
    plan.node.count = room
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


def unordered(Plan item not None, in_order):
    cdef Plan plan = within(SET, item)
    plan.node.function = plan.keep(in_order)
    return plan


def mapping(Plan item not None):
    return within(MAP, item)


cdef Plan within(Kind kind, Plan item):
    cdef Plan plan = planned(kind, item.node.json)
    plan.kept.append(item)
    plan.node.item = &item.node
    return plan


def record(bint json, model, given, extra, absent, entries):
    cdef Plan plan = planned(OBJECT, json), inner
    cdef Py_ssize_t index
    cdef Slot* slot
    if not isinstance(model, type):
        raise TypeError("not a class")
    plan.node.model = <PyTypeObject*> plan.keep(model)
    plan.node.extra = 0 if extra is None else place(extra)
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

def union(bint json, list arms not None):
    cdef Plan plan = planned(UNION, json), arm
    cdef Py_ssize_t index
    plan.node.count = len(arms)
    plan.node.arms = <Node**> array(len(arms), sizeof(Node*))
    for index, arm in enumerate(arms):
        plan.kept.append(arm)
        plan.node.arms[index] = &arm.node
    return plan
