"""What every plug-in must do: a test class for each sort, which its author inherits from."""

import pytest

# The asserts of these modules tell what they compared, as those of a test file do.
pytest.register_assert_rewrite(
    *(f"{__name__}.{module}" for module in ("checks", "codecs", "codings", "kinds", "refusals", "stores"))
)
