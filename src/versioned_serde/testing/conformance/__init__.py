"""What every plug-in must do: test classes that its author inherits from, one for each sort; needs the extra `testing`."""

import pytest

# The asserts of these modules tell what they compared, as those of a test file do.
pytest.register_assert_rewrite(
    *(f"{__name__}.{module}" for module in ("checks", "codecs", "codings", "kinds", "refusals", "stores"))
)
