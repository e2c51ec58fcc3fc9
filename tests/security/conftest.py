"""Faults known and not mended yet: each is expected to fail. Who mends one takes its line away."""

import pytest

FAULTS = {}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/security/" in item.nodeid.replace("\\", "/"):
            reason = FAULTS.get(item.name) or FAULTS.get(item.name.partition("[")[0])
            if reason:
                item.add_marker(pytest.mark.xfail(reason=reason, strict=True))
