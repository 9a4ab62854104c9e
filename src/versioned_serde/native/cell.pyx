# cython: language_level=3, binding=False
"""A number that the other modules here count in without an int object for each step."""

from libc.stdint cimport int64_t


cdef class Cell:
    """See `serializer.counters.Cell`.

    Attributes:
        value: as there.
    """

    cdef public int64_t value

    @property
    def address(self):
        """Where the number is in memory, as long as the cell lives."""
        return <size_t> &self.value

    def total(self):
        """The number."""
        return self.value
