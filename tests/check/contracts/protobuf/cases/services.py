"""Services and their calls."""

from __future__ import annotations

_M = "message M {} message N {}\n"


def _service(calls: str) -> str:
    return f"{_M}service S {{\n  {calls}\n}}\n"


CASES = (
    ("SERVICE_NO_DELETE", True, _service("rpc R(M) returns (N);"), _M),
    (
        "SERVICE_NO_DELETE",
        True,
        {"a.proto": _service(""), "b.proto": "message X {}"},
        {"a.proto": _M, "b.proto": "service S {}"},
    ),
    ("SERVICE_NO_DELETE", False, _service("rpc R(M) returns (N);"), "service T {}\n" + _service("")),
    ("PACKAGE_SERVICE_NO_DELETE", True, _service("rpc R(M) returns (N);"), _M),
    (
        "PACKAGE_SERVICE_NO_DELETE",
        True,
        {"a.proto": "service S {}", "b.proto": "message X {}"},
        {"b.proto": "message X {}"},
    ),
    (
        "PACKAGE_SERVICE_NO_DELETE",
        False,
        {"a.proto": _service(""), "b.proto": "message X {}"},
        {"a.proto": _M, "b.proto": "service S {}"},
    ),
    ("RPC_NO_DELETE", True, _service("rpc R(M) returns (N); rpc Q(M) returns (N);"), _service("rpc Q(M) returns (N);")),
    (
        "RPC_NO_DELETE",
        False,
        _service("rpc R(M) returns (N);"),
        _service("rpc Q(M) returns (N);\n rpc R(N) returns (M);"),
    ),
    ("RPC_SAME_REQUEST_TYPE", True, _service("rpc R(M) returns (N);"), _service("rpc R(N) returns (N);")),
    ("RPC_SAME_REQUEST_TYPE", False, _service("rpc R(M) returns (N);"), _service("rpc R(PKG.M) returns (M);")),
    ("RPC_SAME_RESPONSE_TYPE", True, _service("rpc R(M) returns (N);"), _service("rpc R(M) returns (M);")),
    ("RPC_SAME_RESPONSE_TYPE", False, _service("rpc R(M) returns (N);"), _service("rpc R(N) returns (.PKG.N);")),
    ("RPC_SAME_CLIENT_STREAMING", True, _service("rpc R(M) returns (N);"), _service("rpc R(stream M) returns (N);")),
    ("RPC_SAME_CLIENT_STREAMING", False, _service("rpc R(M) returns (N);"), _service("rpc R(M) returns (stream N);")),
    ("RPC_SAME_SERVER_STREAMING", True, _service("rpc R(M) returns (stream N);"), _service("rpc R(M) returns (N);")),
    (
        "RPC_SAME_SERVER_STREAMING",
        False,
        _service("rpc R(stream M) returns (stream N);"),
        _service("rpc R(M) returns (stream N);"),
    ),
    (
        "RPC_SAME_IDEMPOTENCY_LEVEL",
        True,
        _service("rpc R(M) returns (N);"),
        _service("rpc R(M) returns (N) { option idempotency_level = IDEMPOTENT; }"),
    ),
    (
        "RPC_SAME_IDEMPOTENCY_LEVEL",
        True,
        _service("rpc R(M) returns (N) { option idempotency_level = NO_SIDE_EFFECTS; }"),
        _service("rpc R(M) returns (N);"),
    ),
    (
        "RPC_SAME_IDEMPOTENCY_LEVEL",
        False,
        _service("rpc R(M) returns (N);"),
        _service("rpc R(M) returns (N) { option idempotency_level = IDEMPOTENCY_UNKNOWN; option deprecated = true; }"),
    ),
)
