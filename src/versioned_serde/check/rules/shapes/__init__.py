"""Shape rules: a released version whose shape is another one now, without a step that says so."""
