"""``numba.cuda.random``: el generador xoroshiro128+ de Blackman y Vigna, bit a bit.

Cada hilo tiene su estado, separado del siguiente por un salto de 2**64 pasos. El salto es lineal
sobre los bits: aquí es una matriz de 128 x 128, y sus potencias dan todos los estados a la vez.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from urdimbre.errors import ArgumentError
from urdimbre.sim.functions.intrinsics import Intrinsic
from urdimbre.sim.memory.access import load, store
from urdimbre.sim.memory.device_array import DeviceArray, allocate, to_device
from urdimbre.sim.typed import ir
from urdimbre.sim.typed import types as T

xoroshiro128p_dtype = np.dtype([("s0", np.uint64), ("s1", np.uint64)], align=True)
xoroshiro128p_type = xoroshiro128p_dtype
JUMP = (0xBEAC0467EBA5FACB, 0xD86B048B86AA9922)
WORD = (1 << 64) - 1
Pair = tuple[np.ndarray, np.ndarray]


def _u(x: int) -> np.uint64:
    return np.uint64(x & WORD)


def _rotate(x: Any, k: int) -> Any:
    return (x << _u(k)) | (x >> _u(64 - k))


def step(s0: Any, s1: Any) -> tuple[Any, Any, Any]:
    """Un número de 64 bits y el estado siguiente."""
    mixed = s0 ^ s1
    return s0 + s1, _rotate(s0, 55) ^ mixed ^ (mixed << _u(14)), _rotate(mixed, 36)


# ---- Los estados, en el anfitrión ------------------------------------------------------------


def _first_state(seed: int) -> int:
    """SplitMix64: una semilla pequeña no da un comienzo previsible."""
    z = (seed + 0x9E3779B97F4A7C15) & WORD
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & WORD
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & WORD
    return z ^ (z >> 31)


def _jump_columns() -> Pair:
    """A dónde lleva el salto cada uno de los 128 bits: las columnas de la matriz."""
    ones = np.left_shift(_u(1), np.arange(64, dtype=np.uint64))
    zeros = np.zeros(64, np.uint64)
    s0, s1 = np.r_[ones, zeros], np.r_[zeros, ones]
    sum0, sum1 = np.zeros_like(s0), np.zeros_like(s1)
    for word in JUMP:
        for bit in range(64):
            if word >> bit & 1:
                sum0, sum1 = sum0 ^ s0, sum1 ^ s1
            _, s0, s1 = step(s0, s1)
    return sum0, sum1


def _apply(columns: Pair, s0: np.ndarray, s1: np.ndarray) -> Pair:
    """La matriz por cada estado: la suma de las columnas de sus bits."""
    out0, out1 = np.zeros_like(s0), np.zeros_like(s1)
    for bit in range(128):
        word, k = (s0, bit) if bit < 64 else (s1, bit - 64)
        chosen = _u(0) - ((word >> _u(k)) & _u(1))
        out0 ^= chosen & columns[0][bit]
        out1 ^= chosen & columns[1][bit]
    return out0, out1


def states(n: int, seed: int, start: int = 0) -> np.ndarray:
    """``n`` estados separados por saltos, desde el salto número ``start``."""
    first = np.full(1, _first_state(int(seed) & WORD), np.uint64)
    s0, s1, columns = first, first.copy(), _jump_columns()
    power, left = columns, int(start)
    while left:
        s0, s1 = _apply(power, s0, s1) if left & 1 else (s0, s1)
        power, left = _apply(power, *power), left >> 1
    while s0.size < n:
        more = _apply(columns, s0, s1)
        s0, s1 = np.r_[s0, more[0]], np.r_[s1, more[1]]
        columns = _apply(columns, *columns)
    out = np.empty(n, xoroshiro128p_dtype)
    out["s0"], out["s1"] = s0[:n], s1[:n]
    return out


def create_xoroshiro128p_states(
    n: int, seed: int, subsequence_start: int = 0, stream: Any = 0
) -> DeviceArray:
    """Un arreglo del dispositivo con ``n`` estados independientes."""
    if n < 0 or subsequence_start < 0:
        raise ArgumentError("El número de estados y el salto inicial no pueden ser negativos.")
    if n == 0:
        return allocate(0, xoroshiro128p_dtype)
    return to_device(states(int(n), seed, subsequence_start))


def init_xoroshiro128p_states(
    states_array: DeviceArray, seed: int, subsequence_start: int = 0, stream: Any = 0
) -> None:
    """Rellena un arreglo de estados que ya existe."""
    states_array.copy_to_device(states(states_array.size, seed, subsequence_start))


# ---- Los números, en el kernel ---------------------------------------------------------------


def _next(run: Any, ref: Any, index: Any, m: Any, line: int) -> Any:
    """El siguiente número de 64 bits de cada carril; el estado avanza en la memoria."""
    first, second = ref.field("s0"), ref.field("s1")
    s0, s1 = (load(run, part, (index,), m, line) for part in (first, second))
    value, s0, s1 = step(s0, s1)
    store(run, first, (index,), s0, m, line)
    store(run, second, (index,), s1, m, line)
    return value


def _unit64(run: Any, *at: Any) -> Any:
    """En [0, 1): los 53 bits altos."""
    return (_next(run, *at) >> _u(11)).astype(np.float64) * np.float64(2.0**-53)


def _unit32(run: Any, *at: Any) -> Any:
    return _unit64(run, *at).astype(np.float32)


def _normal(real: type) -> Callable[..., Any]:
    """Box-Muller con dos uniformes de float32, como Numba; el segundo normal se descarta."""

    def draw(run: Any, *at: Any) -> Any:
        u1, u2 = _unit32(run, *at), _unit32(run, *at)
        return np.sqrt(real(-2.0) * np.log(u1)) * np.cos(real(2 * math.pi) * u2)

    return draw


DRAWS: dict[str, tuple[np.dtype, Callable[..., Any]]] = {
    "xoroshiro128p_next": (T.U64, _next),
    "xoroshiro128p_uniform_float32": (T.F32, _unit32),
    "xoroshiro128p_uniform_float64": (T.F64, _unit64),
    "xoroshiro128p_normal_float32": (T.F32, _normal(np.float32)),
    "xoroshiro128p_normal_float64": (T.F64, _normal(np.float64)),
}
INTRINSICS = {name: Intrinsic(f"cuda.random.{name}") for name in DRAWS}
globals().update(INTRINSICS)


def draw_call(name: str) -> Callable[..., ir.Expr]:
    """Cómo se tipa ``xoroshiro128p_…(estados, i)``."""
    result, run = DRAWS[name]

    def handler(typer: Any, node: Any, args: list[ir.Expr]) -> ir.Expr:
        typer.arity(node, args, 2)
        array, index = args
        if not isinstance(array.type, T.Array) or array.type.dtype != xoroshiro128p_dtype:
            raise typer.fail(
                f"{name} pide el arreglo que da create_xoroshiro128p_states, de una dimensión.",
                node,
            )
        typer.need_writable(array, node.args[0])
        return ir.Draw(result, node.lineno, run, array, typer.index(index, node))

    return handler
