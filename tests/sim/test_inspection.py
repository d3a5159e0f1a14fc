"""``inspect_types``: los tipos inferidos, debajo de la línea que los decide."""

import io

import numpy as np
import pytest

from urdimbre.sim import facade as cuda


@cuda.jit(device=True)
def twice(v):
    return v * 2


@cuda.jit
def widened(a, n, out):
    i = cuda.grid(1)
    total = 0
    if i < n:
        for j in range(n):
            total += a[j]
        x = np.float32(1)
        x = total
        out[i] = twice(a[i]) * x
        out[0] = a[i]


@cuda.jit("void(float32[:])")
def signed(a):
    a[0] = a[1] + 1


def shown(kernel):
    """Pares (instrucción, tipos anotados debajo)."""
    out = io.StringIO()
    kernel.inspect_types(out)
    pairs = []
    for row in out.getvalue().splitlines():
        text = row[7:].strip()
        if text.startswith("#"):
            pairs[-1][1].append(text.removeprefix("#").strip())
        elif text:
            pairs.append((text, []))
    return dict(pairs)


@pytest.fixture(scope="module")
def lines():
    a = np.zeros(32, np.float32)
    widened[1, 32](a, 3, a.copy())
    return shown(widened)


@pytest.mark.parametrize(
    ("line", "notes"),
    [
        ("i = cuda.grid(1)", ["i: int64"]),
        ("total = 0", ["total: int64"]),
        ("for j in range(n):", ["j: int64"]),
        ("total += a[j]", ["total: float64"]),
        ("x = np.float32(1)", ["x: float32"]),
        ("x = total", ["x: float64"]),
        ("out[i] = twice(a[i]) * x", ["se calcula en float64 y se guarda como float32"]),
        ("out[0] = a[i]", ["se guarda float32"]),
        ("if i < n:", []),
    ],
)
def test_each_line_shows_the_types_it_decides(lines, line, notes):
    assert lines[line] == notes


def test_a_device_function_and_a_signature_known_before_any_launch(lines):
    assert shown(twice)["return v * 2"] == ["devuelve float64"]
    assert shown(signed)["a[0] = a[1] + 1"] == ["se calcula en float64 y se guarda como float32"]


def test_one_listing_for_each_signature(capsys):
    widened[1, 32](np.zeros(32, np.int32), 3, np.zeros(32, np.float32))
    widened.inspect_types()
    heads = [row for row in capsys.readouterr().out.splitlines() if row.startswith("widened(")]
    assert len(heads) == 2
    assert heads[-1].startswith("widened(a: arreglo 1-D de int32, n: int64")
