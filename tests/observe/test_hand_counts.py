"""Kernels pequeños con sus cuentas deducidas a mano: la deducción está junto a cada uno.

Cada uno corre con 2 bloques de 64 hilos, 4 warps. Los arreglos que recibe comienzan en un borde de
256 B, como los de ``cudaMalloc``.
"""

from pathlib import Path

import numpy as np
import pytest

from urdimbre import sim
from urdimbre.observe import profile

HEADER = """import numpy as np
from numba import cuda
@cuda.jit
def kernel(x, out, m, d, q):
    i, t, b, n = cuda.grid(1), cuda.threadIdx.x, cuda.blockIdx.x, x.size
"""
OWN = {  # lo que cada kernel declara, si lo usa
    "s": "cuda.shared.array(2112, np.float32)",
    "e": "cuda.shared.array(128, np.float64)",
    "p": "cuda.shared.array((32, 32), np.float32)",
    "r": "cuda.shared.array((32, 33), np.float32)",
    "w": "cuda.local.array(4, np.float32)",
}
DECLARED = 1  # instrucciones del encabezado que ejecuta cada warp, con las declaraciones


def read():
    """``(nombre, cuentas esperadas, cuerpo)`` de cada kernel."""
    for part in Path(__file__).with_name("hand_counts.txt").read_text("utf-8").split("## ")[1:]:
        title, *lines = part.splitlines()
        name, _, expected = title.partition(" | ")
        counts = (item.split("=") for item in expected.split())
        body = [line for line in lines if not line.startswith("#")]
        assert len(body) < len(lines), f"«{name}» no tiene su deducción"
        yield name, {key: float(value) for key, value in counts}, body


KERNELS = {name: (expected, body) for name, expected, body in read()}


def arguments():
    rng = np.random.default_rng(3)
    x, out = rng.random(4096, np.float32), np.zeros(4096, np.float32)
    return x, out, rng.random((64, 64), np.float32), rng.random(4096), np.ones(4096, np.int8)


def measured(body):
    text = "\n".join(body)
    used = [f"{n} = {how}" for n, how in OWN.items() if f"{n}[" in text or f"({n}," in text]
    source = HEADER + "".join(f"    {line}\n" for line in (*used, *body))
    total = profile(sim.load_source(source)["kernel"][2, 64], *arguments()).total
    heading = 4 * (DECLARED + len(used))  # el encabezado no es del kernel que se cuenta
    total.warp_instructions -= heading
    total.thread_instructions -= 32 * heading
    return total


def test_there_are_enough():
    assert len(KERNELS) >= 40


@pytest.mark.parametrize("name", KERNELS)
def test_the_counts_are_those_derived_by_hand(name):
    expected, body = KERNELS[name]
    total = measured(body)
    assert {key: getattr(total, key) for key in expected} == expected
