# Plans: how the values in a twin become those of an instance, as C structs in a Python object that owns them.

cdef enum Kind:
    PLAIN  # stays as it is
    STR  # likewise, and is counted
    FLOAT
    TEXT  # a str that a Python function reads
    ENUM
    LIST
    TUPLE
    MAP
    OBJECT
    UNION


cdef struct Node:
    Kind kind
    bint nullable
    # TEXT: the function. ENUM: members by their raw values.
    PyObject* how
    # LIST, TUPLE, MAP
    Node* item
    # OBJECT: the twin's class and its slots
    PyTypeObject* twin
    Py_ssize_t count  # also the number of arms
    Slot* slots
    PyObject* unset  # what stands in a slot of the twin for an attribute that is absent
    # OBJECT made by a function of its attributes, which are named as on the wire
    PyObject* function
    # OBJECT made without: what `__dict__` holds if all optional attributes are absent, and the names of all
    PyTypeObject* model
    PyObject* blank
    PyObject* names
    Py_ssize_t given  # where in an instance these are
    Py_ssize_t extra
    Py_ssize_t hidden
    bint extras  # a dict of its own for each instance
    PyObject* finish  # called with the instance and None, or NULL
    # UNION
    Node** arms


cdef struct Slot:
    PyObject* name
    Py_ssize_t offset  # in the twin; 0 where the value is constant
    PyObject* constant
    PyObject* fresh  # gives the value of an absent attribute, where it is not shared
    Node* node


cdef class Plan:
    """How the values of one type are made. Made by the functions below, for one place in one shape."""

    cdef Node node
    cdef list kept

    def __cinit__(self):
        self.kept = []

    def __dealloc__(self):
        PyMem_Free(self.node.slots)
        PyMem_Free(self.node.arms)

    cdef PyObject* keep(self, object thing):
        self.kept.append(thing)
        return <PyObject*> thing


def nullable(Plan plan not None):
    plan.node.nullable = True
    return plan


def leaf(str name not None):
    cdef Plan plan = Plan()
    plan.node.kind = {"plain": PLAIN, "str": STR, "float": FLOAT}[name]
    return plan


def text(function):
    cdef Plan plan = Plan()
    plan.node.kind = TEXT
    plan.node.how = plan.keep(function)
    return plan


def enumeration(dict members not None):
    cdef Plan plan = Plan()
    plan.node.kind = ENUM
    plan.node.how = plan.keep(members)
    return plan


def within(str container not None, Plan item not None):
    cdef Plan plan = Plan()
    plan.node.kind = {"list": LIST, "tuple": TUPLE, "map": MAP}[container]
    plan.kept.append(item)
    plan.node.item = &item.node
    return plan


def record(twin, unset, list attributes not None, making):
    """Of an object, made as `making` says: a `protocols.Making`, or a function of what its attributes are."""
    cdef Plan plan = Plan(), inner
    cdef Py_ssize_t index
    cdef Slot* slot
    if not isinstance(twin, type):
        raise TypeError("not a class")
    plan.node.kind = OBJECT
    plan.node.twin = <PyTypeObject*> plan.keep(twin)
    plan.node.unset = plan.keep(unset)
    plan.node.count = len(attributes)
    plan.node.slots = <Slot*> array(len(attributes), sizeof(Slot))
    for index, (name, member, constant, fresh, inner) in enumerate(attributes):
        slot = &plan.node.slots[index]
        slot.name = plan.keep(intern(<str?> name))
        if member is None:
            slot.constant = plan.keep(constant)
        else:
            slot.offset = place(member)
        if fresh is not None:
            slot.fresh = plan.keep(fresh)
        plan.kept.append(inner)
        slot.node = &inner.node
    if callable(making):
        plan.node.function = plan.keep(making)
        return plan
    if not isinstance(making.model, type):
        raise TypeError("not a class")
    plan.node.model = <PyTypeObject*> plan.keep(making.model)
    plan.node.blank = plan.keep({intern(<str?> name): value for name, value in making.blank.items()})
    # A copy of a copy is the quickest: its table has the size that another copy's will have.
    plan.node.names = plan.keep(set({intern(<str?> attribute[0]) for attribute in attributes}))
    plan.node.given, plan.node.extra = place(making.given), place(making.extra)
    plan.node.hidden = place(making.private)
    plan.node.extras = making.extras
    if making.finish is not None:
        plan.node.finish = plan.keep(making.finish)
    return plan


def union(list arms not None):
    cdef Plan plan = Plan(), arm
    cdef Py_ssize_t index
    plan.node.kind = UNION
    plan.node.count = len(arms)
    plan.node.arms = <Node**> array(len(arms), sizeof(Node*))
    for index, arm in enumerate(arms):
        plan.kept.append(arm)
        plan.node.arms[index] = &arm.node
    return plan
