# What is used of Python's own C interface.

from cpython.mem cimport PyMem_Calloc, PyMem_Free
from cpython.pycapsule cimport PyCapsule_GetPointer
from libc.stdlib cimport abs
from libc.math cimport fabs
from libc.stdint cimport int64_t, uint64_t
from libc.string cimport memcpy, memmove, memset, strlen

cdef extern from "Python.h":
    ctypedef struct PyObject:
        pass
    ctypedef struct PyTypeObject:
        pass
    Py_ssize_t PY_SSIZE_T_MAX
    PyTypeObject PyUnicode_Type, PyLong_Type, PyFloat_Type, PyBytes_Type, PyList_Type, PyTuple_Type, PyDict_Type
    PyTypeObject PySet_Type, PyFrozenSet_Type, PyMemberDescr_Type
    PyObject* Py_None
    PyObject* Py_True
    PyObject* Py_False
    PyTypeObject* Py_TYPE(PyObject*)
    void Py_INCREF(PyObject*)
    void Py_DECREF(PyObject*)
    void Py_XDECREF(PyObject*)
    bint PyUnicode_IS_COMPACT_ASCII(PyObject*)
    Py_ssize_t PyUnicode_GET_LENGTH(PyObject*)
    void* PyUnicode_1BYTE_DATA(PyObject*)
    const char* PyUnicode_AsUTF8AndSize(PyObject*, Py_ssize_t*)
    long long PyLong_AsLongLongAndOverflow(PyObject*, int*) except? -1
    unsigned long long PyLong_AsUnsignedLongLongMask(PyObject*) except? 0xFFFFFFFFFFFFFFFF
    unsigned long long PyLong_AsUnsignedLongLong(PyObject*) except? 0xFFFFFFFFFFFFFFFF
    double PyFloat_AS_DOUBLE(PyObject*)
    char* PyBytes_AS_STRING(PyObject*)
    Py_ssize_t PyBytes_GET_SIZE(PyObject*)
    PyObject* new_bytes "PyBytes_FromStringAndSize"(const char*, Py_ssize_t) except NULL
    int _PyBytes_Resize(PyObject**, Py_ssize_t) except -1
    Py_ssize_t PyList_GET_SIZE(PyObject*)
    PyObject* PyList_GET_ITEM(PyObject*, Py_ssize_t)
    Py_ssize_t PyTuple_GET_SIZE(PyObject*)
    PyObject* PyTuple_GET_ITEM(PyObject*, Py_ssize_t)
    PyObject* PyDict_GetItemWithError(PyObject*, PyObject*) except? NULL
    int PyDict_Next(PyObject*, Py_ssize_t*, PyObject**, PyObject**)
    Py_ssize_t PyDict_Size(PyObject*) except -1
    int PySet_Contains(PyObject*, PyObject*) except -1
    object PyObject_GenericGetDict(PyObject*, void*)
    object PyObject_CallOneArg(PyObject*, PyObject*)
    void PyErr_Clear()
    bint PyErr_ExceptionMatches(PyObject*)
    PyObject* PyExc_Exception
    char* PyOS_double_to_string(double, char, int, int, int*)
    int Py_DTSF_ADD_DOT_0
    void PyMem_Free(void*)

cdef extern from *:
    """
    /* Whether an exact int has one digit of the interpreter's, and its value then. */
    static inline int short_int(PyObject* number, int64_t* value) {
    #if PY_VERSION_HEX >= 0x030C0000
        if (!PyUnstable_Long_IsCompact((PyLongObject*) number)) return 0;
        *value = PyUnstable_Long_CompactValue((PyLongObject*) number);
    #else
        Py_ssize_t size = Py_SIZE(number);
        if (size < -1 || size > 1) return 0;
        *value = size * (int64_t) ((PyLongObject*) number)->ob_digit[0];
    #endif
        return 1;
    }
    """
    bint short_int(PyObject*, int64_t*) noexcept
