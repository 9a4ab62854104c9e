# Where an attribute is in an instance, and memory for plans of it.

cdef extern from "structmember.h":
    int T_OBJECT_EX
    ctypedef struct PyMemberDef:
        int type
        Py_ssize_t offset
    ctypedef struct PyMemberDescrObject:
        PyMemberDef* d_member


cdef Py_ssize_t place(member) except -1:
    cdef PyMemberDef* found
    if Py_TYPE(<PyObject*> member) != &PyMemberDescr_Type:
        raise TypeError("not a slot")
    found = (<PyMemberDescrObject*> member).d_member
    if found.type != T_OBJECT_EX or found.offset <= 0:
        raise TypeError("not a slot for an object")
    return found.offset


cdef void* array(Py_ssize_t count, Py_ssize_t size) except NULL:
    cdef void* made = PyMem_Calloc(count if count else 1, size)
    if made == NULL:
        raise MemoryError
    return made
