"""Qué sumas se funden con un producto: lo que muestra el código de máquina del compilador real.

Cada fila se leyó con ``nvdisasm`` en el cubin que arma Numba CUDA 0.30.4 para la capacidad 8.0, con
la optimización de enlace que usa por omisión (CUDA 12.9). ``F(a, b, c)`` es una FFMA.
"""

from __future__ import annotations

import textwrap
from typing import Any

import numpy as np
import pytest

from urdimbre import sim
from urdimbre.observe import Counters
from urdimbre.sim.functions.fma import fma

NAMES, LANES = "abcdefg", 512
HEADER = """
import math
import numpy as np
from numba import cuda
from numpy import float32, float64


@cuda.jit(device=True)
def times(x, y):
    return x * y


@cuda.jit(device=True)
def plus(x, y):
    return x + y


@cuda.jit(device=True)
def maybe(x, y):
    if x > y:
        return x * y
    return y
"""

# Cuerpo del kernel -> lo que queda en ``p``, ``q``, ``r`` y ``s``.
ROWS = {
    "p = a * b + c": ["F(a, b, c)"],
    "p = c + a * b": ["F(a, b, c)"],
    "p = a * b - c": ["F(a, b, -c)"],
    "p = c - a * b": ["F(-a, b, c)"],
    "p = -(a * b) + c": ["F(-a, b, c)"],
    "p = -(a * b) - c": ["F(-a, b, -c)"],
    "p = c - (-a * b)": ["F(a, b, c)"],
    "p = -(a * b + c)": ["-F(a, b, c)"],
    "p += a * b": ["F(a, b, p0)"],
    "p = abs(a * b) + e": ["abs(a * b) + e"],
    "p = (a + b) * c": ["(a + b) * c"],
    "p = (a + b) * (c + d) + e": ["F(a + b, c + d, e)"],
    "p = a * b * c + d": ["F(a * b, c, d)"],
    "p = a ** 2 + b": ["F(a, a, b)"],
    "p = a ** 3 + b": ["F(a * a, a, b)"],
    "p = a ** 2 - b ** 2": ["F(a, a, -(b * b))"],
    "p = a * float32(3) - float32(1)": ["F(a, f4(3), f4(-1))"],
    # dos productos
    "p = a * b + c * d": ["F(a, b, c * d)"],
    "p = a * b - c * d": ["F(a, b, -(c * d))"],
    "p = a * b + c * d + e * g": ["F(e, g, F(a, b, c * d))"],
    "p = c * d + (a * b + e)": ["F(c, d, F(a, b, e))"],
    "p = c * d - (a * b + e)": ["F(c, d, -F(a, b, e))"],
    "p = (c * d + a) + (b * e + g)": ["F(c, d, a) + F(b, e, g)"],
    "p = a * a + a * a": ["F(a, a, a * a)"],
    "t = a * b\nu = c * d\np = u + t": ["F(a, b, c * d)"],
    "t = a * b\nu = c * d\np = u - t": ["F(c, d, -(a * b))"],
    "p = a * d + b * c": ["F(b, c, a * d)"],
    "p = c * d + a * b": ["F(a, b, c * d)"],
    # por una variable, y más de un uso
    "t = a * b\np = t + c\nq = t": ["a * b + c", "a * b"],
    "t = a * b\np = t + c\nq = t * d": ["a * b + c", "a * b * d"],
    "t = a * b\np = t + c\nq = t + d": ["F(a, b, c)", "F(a, b, d)"],
    "t = a * b\np = t + c\nq = d - t": ["F(a, b, c)", "F(-a, b, d)"],
    "t = a * b\np = t + c\nq = t + d\nr = t + e\ns = t - g": [
        "F(a, b, c)", "F(a, b, d)", "F(a, b, e)", "F(a, b, -g)"],
    "t = a * b\np = t + t": ["F(a, b, a * b)"],
    "t = a * b\np = t - t": ["a * b - a * b"],
    "t = a * b\nu = c * d\np = t + u\nq = t": ["F(c, d, a * b)", "a * b"],
    "t = a * b\nu = c * d\np = t + u\nq = u": ["F(a, b, c * d)", "c * d"],
    "t = a * b\nu = c * d\np = t - u\nq = t": ["F(-c, d, a * b)", "a * b"],
    "t = a * b\nu = c * d\np = t - u\nq = u": ["F(a, b, -(c * d))", "c * d"],
    "t = a * b\nu = c * d\np = t + u\nq = t + e": ["F(a, b, c * d)", "F(a, b, e)"],
    "t = a * b\nu = c * d\np = t + u\nq = u + e": ["F(a, b, c * d)", "F(c, d, e)"],
    "t = a * b\nu = c * d\np = t - u\nq = u + e": ["F(a, b, -(c * d))", "c * d + e"],
    "t = a * b\nu = c * d\np = t - u\nq = t + e": ["F(-c, d, a * b)", "a * b + e"],
    "t = a * b\nu = c * d\np = t + u\nq = t\nr = u": ["a * b + c * d", "a * b", "c * d"],
    "p = a * b + c\nq = a * b": ["a * b + c", "a * b"],
    "p = a * b + c\nq = a * b + d": ["F(a, b, c)", "F(a, b, d)"],
    # conversiones
    "p = np.float64(a * b) + np.float64(c)": ["f8(a * b) + f8(c)"],
    "p = np.float64(a) * np.float64(b) + np.float64(c)": ["F(f8(a), f8(b), f8(c))"],
    "p = float32(np.float64(a) * np.float64(b)) + c": ["f4(f8(a) * f8(b)) + c"],
    # ramas, barreras y ciclos
    "t = a * b\nif a > 0:\n    p = t + c\nelse:\n    p = t - d": [
        "np.where(a > 0, F(a, b, c), F(a, b, -d))"],
    "t = a * b\nif a > 0:\n    p = t + c\nelse:\n    p = t": [
        "np.where(a > 0, a * b + c, a * b)"],
    "if a > 0:\n    t = a * b\nelse:\n    t = c * d\np = t + e": [
        "np.where(a > 0, a * b, c * d) + e"],
    "t = c\nif a > 0:\n    t = a * b\np = t + e": ["np.where(a > 0, a * b, c) + e"],
    "p = (a * b if a > 0 else c) + d": ["np.where(a > 0, a * b, c) + d"],
    "t = a * b\ncuda.syncthreads()\np = t + d": ["F(a, b, d)"],
    "x = float32(0)\nfor k in range(3):\n    x += a * b\np = x": [
        "F(a, b, F(a, b, F(a, b, f4(0))))"],
    "t = a * b\nx = float32(0)\nfor k in range(2):\n    x = x * c + t\np = x": [
        "F(F(f4(0) * a, c, a * b), c, a * b)"],
    "t = a * b\nx = d\nfor k in range(1):\n    x = t - x * c\np = x": ["F(-d, c, a * b)"],
    "p = c if -9 < a * b + c <= 9 else d": ["np.where(abs(F(a, b, c)) < 9, c, d)"],
    # funciones de dispositivo
    "p = times(a, b) + c": ["F(a, b, c)"],
    "p = plus(a * b, c)": ["F(a, b, c)"],
    "p = plus(times(a, b), c)": ["F(a, b, c)"],
    "p = c - times(a, b)": ["F(-a, b, c)"],
    "p = maybe(a, b) + c": ["np.where(a > b, a * b, b) + c"],
    "p = math.sqrt(abs(a)) * b + c * d": ["F(c, d, np.sqrt(abs(a)) * b)"],
}  # fmt: skip


# Aquí fundir no cambia el resultado.
SAME = (
    "p = a * float32(3) - float32(1)",
    "p = c if -9 < a * b + c <= 9 else d",
    "p = a * a + a * a",
    "t = a * b\np = t + t",
)


def kernel(body: str, option: str = "") -> Any:
    loads = "".join(f"{n} = {n}_all[i]\n" for n in NAMES)
    stores = "".join(f"out[{k}, i] = {n}\n" for k, n in enumerate("pqrs"))
    start = "p = q = r = s = p_all[i]\n"
    params = ", ".join(f"{n}_all" for n in NAMES)
    text = f"i = cuda.grid(1)\n{loads}{start}{body}\n{stores}"
    source = f"@cuda.jit{option}\ndef k({params}, p_all, out):\n" + textwrap.indent(text, "    ")
    return sim.load_source(HEADER + "\n\n" + source)["k"]


def inputs(seed: int, dtype: Any = np.float32) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    values = {n: rng.normal(0, 1, LANES).astype(dtype) for n in (*NAMES, "p0")}
    values["c"] -= values["a"] * values["b"]  # que se cancelen: ahí se nota el redondeo
    return values


def launched(body: str, values: dict[str, np.ndarray], option: str = "") -> np.ndarray:
    out = np.zeros((4, LANES))
    kernel(body, option)[LANES // 128, 128](*values.values(), out)
    return out


@pytest.mark.parametrize("body", ROWS)
def test_the_same_sums_are_fused(body):
    values = inputs(len(body))
    names = dict(values, F=fma, f4=np.float32, f8=np.float64, np=np, abs=np.abs)
    out = launched(body, values)
    for got, wanted in zip(out, ROWS[body], strict=False):
        with np.errstate(all="ignore"):
            expected = np.broadcast_to(eval(wanted, {}, _wide(names)), LANES)
        assert np.array_equal(got, expected.astype(np.float64), equal_nan=True), wanted


def _wide(names: dict[str, Any]) -> dict[str, Any]:
    """``F`` también con números sueltos."""

    def fused(a: Any, b: Any, c: Any) -> Any:
        return fma(*np.broadcast_arrays(a, b, c))

    return dict(names, F=fused)


@pytest.mark.parametrize("body", [b for b, rows in ROWS.items() if "F(" in " ".join(rows)])
def test_the_rows_can_tell(body):
    values = inputs(len(body))
    with sim.options(fma=False):
        plain = launched(body, values)
    exact = "float64" in body or body in SAME
    assert exact or not np.array_equal(plain, launched(body, values))


def test_without_fusing_every_operation_rounds():
    values = inputs(1)
    a, b, c = values["a"], values["b"], values["c"]
    with sim.options(fma=False):
        assert np.array_equal(launched("p = a * b + c", values)[0], a * b + c)


def test_an_unoptimised_debug_kernel_does_not_fuse():
    values = inputs(1)
    a, b, c = values["a"], values["b"], values["c"]
    plain = launched("p = a * b + c", values, "(debug=True, opt=False)")[0]
    assert np.array_equal(plain, a * b + c)
    for option in ("(opt=False)", "(debug=True)", "(fastmath=True)"):
        assert np.array_equal(launched("p = a * b + c", values, option)[0], fma(a, b, c))


def test_an_fma_counts_two_flop():
    values, counters = inputs(2), Counters()
    with sim.observing(counters):
        launched("t = a * b\np = t + c\nq = t + d", values)
    assert counters.total.flop_single == 2 * 2 * LANES


@pytest.mark.parametrize("dtype", [np.float16, np.float64])
def test_half_and_double_fuse_too(dtype):
    values = inputs(3, dtype)
    out = launched("p = a * b + c\nq = c - a * b", values)
    a, b, c = values["a"], values["b"], values["c"]
    assert np.array_equal(out[0], fma(a, b, c)) and np.array_equal(out[1], fma(-a, b, c))


def test_the_remainder_of_reals_has_one_too():
    values = inputs(4)
    a, b = values["a"] * np.float32(1e6), values["b"]
    values["a"] = a
    with np.errstate(all="ignore"):
        rest = fma(-np.floor(np.abs(a) / np.abs(b)), np.abs(b), np.abs(a))
    rest = np.where(a < 0, -rest, rest)
    moved = np.where((rest < 0) != (b < 0), rest + b, rest)
    out = launched("p = a % b", values)[0]
    assert np.array_equal(out[rest != 0], moved[rest != 0])


def test_a_complex_product_fuses_inside():
    text = "@cuda.jit\ndef k(z, w, out):\n    i = cuda.grid(1)\n    out[i] = z[i] * w[i]\n"
    rng = np.random.default_rng(5)
    z, w = (rng.normal(size=(2, 64)).astype(np.float32).view(np.complex64)[:, :32]
            for _ in range(2))  # fmt: skip
    z, w, out = z[0], w[0], np.zeros(32, np.complex64)
    sim.load_source("from numba import cuda\n\n\n" + text)["k"][1, 32](z, w, out)
    assert np.array_equal(out.real, fma(z.real, w.real, -(z.imag * w.imag)))
    assert np.array_equal(out.imag, fma(z.imag, w.real, z.real * w.imag))
