from typing import Any

DIGITS: Any
