"""Un kernel de Numba real también corre en el simulador: así se observa en un equipo con GPU."""

import subprocess
import sys

import pytest

pytest.importorskip("numba", reason="Numba no está instalado: no hay kernels reales que traducir")

PROGRAM = """
import math
import numpy as np
import numba
from numba import cuda, float32
from urdimbre import sim
from urdimbre.observe import sanitize

assert "urdimbre" not in cuda.__name__ and cuda.jit.__module__ != "urdimbre.sim.facade"

@cuda.jit(device=True)
def half(x):
    return x / float32(2)

@cuda.jit
def k(a, out):
    s = cuda.shared.array(64, numba.float32)
    i = numba.cuda.grid(1)
    s[cuda.threadIdx.x] = half(a[i])
    cuda.syncthreads()
    out[i] = s[63 - cuda.threadIdx.x]

a = np.arange(64, dtype=np.float32)
out = np.zeros(64, np.float32)
sim.as_kernel(k)[1, 64](a, out)
assert out.tolist() == (a[::-1] / 2).tolist()
assert sim.as_kernel(k) is sim.as_kernel(k)
"""


def test_a_real_kernel_runs_on_the_simulator(tmp_path):
    path = tmp_path / "program.py"
    path.write_text(PROGRAM, encoding="utf-8")
    done = subprocess.run([sys.executable, str(path)], capture_output=True, text=True, timeout=120)
    if "No module named 'numba.cuda'" in done.stderr:
        pytest.skip("esta instalación de Numba no trae numba.cuda")
    assert done.returncode == 0, done.stderr
