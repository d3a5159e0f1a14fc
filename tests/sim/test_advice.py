"""Errores de quien empieza: cada mensaje dice también qué hacer."""

from __future__ import annotations

import math

import numpy as np
import pytest

from urdimbre import sim
from urdimbre.errors import ArgumentError, KernelError

HEADER = """
import math
import numpy as np
from numba import cuda, float32

@cuda.jit
def other(a):
    a[0] = 1

@cuda.jit
def k(a):
"""

MISTAKES = [
    ("t = np.zeros(4)", r"np\.zeros.*cuda\.local\.array"),
    ("a[0] = np.sum(a)", r"np\.sum.*«for»"),
    ("a[0] = a.sum()", "sum.*«for»"),
    ("i = cuda.threadIdx.x()", "es un valor, no una función: quita los paréntesis"),
    ("a[0] = a(0)", r"es un arreglo.*a\[i\]"),
    ("i = cuda.threadId.x", "¿Quisiste decir «threadIdx»"),
    ("a[0] = math.sqroot(2.0)", "¿Quisiste decir «sqrt»"),
    ("i = cuda.grid()", "lleva 1 argumento y recibe 0"),
    ("i, j = cuda.grid(1)", r"cuda\.grid\(2\), una pareja"),
    ("i = cuda.grid(2)\n    a[i] = 1", r"2 índices.*cuda\.grid\(1\) da un entero"),
    ("b = a + a", r"no admite arreglo.*a\[i\]"),
    ("print('hilo %d' % 3)", "no admite texto.*comas"),
    ("print(f'hilo {a[0]}')", "cadenas con formato.*comas"),
    ("t = (1, 2)\n    t[0] = 3", r"no cambia.*cuda\.local\.array"),
    ("i = cuda.grid(1)\n    if i < a.shape:\n        a[i] = 1", r"tupla.*x\.shape\[0\]"),
    ("i = cuda.threadIdx\n    if i < 3:\n        a[0] = 1", r"Falta el eje: cuda\.threadIdx\.x"),
    ("a[0] = a.lenght", "Su cantidad de elementos es «size»"),
    ("a[0] = a.sice", "¿Quisiste decir «size»"),
    ("other[1, 32](a)", "un kernel no puede lanzar otro"),
]


def kernel_from(body: str):
    return sim.load_source(f"{HEADER}    {body}\n")["k"]


@pytest.mark.parametrize(("body", "words"), MISTAKES, ids=[m[0] for m in MISTAKES])
def test_the_message_says_what_to_do(body, words):
    with pytest.raises(KernelError, match=words) as caught:
        kernel_from(body)[1, 32](np.zeros(64, np.float32))
    assert caught.value.line


def test_arguments_go_by_position():
    a = np.zeros(4, np.float32)
    with pytest.raises(ArgumentError, match=r"van por su posición.*«k» recibió con nombre a"):
        kernel_from("a[0] = 1")[1, 32](a=a)


def test_a_local_name_may_stand_for_an_index_a_function_or_a_type():
    """El compilador real lo acepta: el nombre es uno solo y fijo."""
    body = (
        "block = cuda.blockIdx\n    t = cuda.threadIdx\n    root = math.sqrt\n    real = float32\n"
        "    i = block.x * cuda.blockDim.x + t.x\n"
        "    if i < a.size:\n        a[i] = root(real(i))"
    )
    a = np.zeros(40, np.float32)
    kernel_from(body)[2, 32](a)
    np.testing.assert_allclose(a, [math.sqrt(i) for i in range(40)], rtol=1e-6)


def test_a_name_that_changes_of_function_is_refused():
    body = "f = math.sqrt\n    if a[0] > 0:\n        f = math.exp\n    a[0] = f(a[0])"
    with pytest.raises(KernelError, match="«f» no puede guardar"):
        kernel_from(body)[1, 32](np.zeros(4, np.float32))
