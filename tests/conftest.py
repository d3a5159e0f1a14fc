"""Qué pruebas van juntas cuando la batería corre en varios procesos (``pytest -n``)."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent
# Preparan algo caro que comparten: en dos procesos se prepararía dos veces.
TOGETHER = (
    "benchmarks",
    "book/test_claims.py",
    "compiler/test_every_kernel.py",
    "compiler/test_real_compiler.py",
    "nbgrader",
    "observe/test_brute_force.py",
    "wasm",
)


def pytest_collection_modifyitems(items):
    for item in items:
        place = item.path.relative_to(HERE).as_posix()
        group = next((name for name in TOGETHER if place.startswith(name)), None)
        if group:
            item.add_marker(pytest.mark.xdist_group(group))
