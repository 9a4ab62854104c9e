# cython: language_level=3, binding=False
"""The shortest digits that give a float back, by the standard library of C++, several times faster than Python's own.

A module apart from the core, because it needs a C++ compiler, of C++17. Without it the core asks Python.
"""

from cpython.pycapsule cimport PyCapsule_New

cdef extern from *:
    """
    #include <charconv>

    /* Writes a finite float as `1.25e-07`, in at most 32 bytes; gives their number. */
    static int shortest(double value, char* to) noexcept {
        return static_cast<int>(std::to_chars(to, to + 32, value, std::chars_format::scientific).ptr - to);
    }
    """
    int shortest(double, char*) noexcept

DIGITS = PyCapsule_New(<void*> shortest, "versioned_serde.native.shortest", NULL)
"""The function, for `core.use_digits`."""
