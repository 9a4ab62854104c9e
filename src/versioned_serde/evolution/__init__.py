"""How a schema changes: versions, steps, min_reader, complement, edits. Pure: no codec, no model, no I/O."""
