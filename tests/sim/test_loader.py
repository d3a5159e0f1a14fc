"""Leer una entrega sin ejecutarla: qué entra, qué se ignora, qué no puede hacer daño."""

import numpy as np
import pytest

from urdimbre import sim
from urdimbre.errors import KernelSourceError, KernelTypeError, LaunchError, UnsupportedError
from urdimbre.sim.reading.loader import IGNORED

HEADER = "from numba import cuda, float32\nimport numpy as np\nimport math\n"


def test_kernels_constants_and_device_functions():
    scope = sim.load_source(
        HEADER + "T = 4\nT1 = T + 1\nHALF = np.float32(1 / 2)\n"
        "A, B = 1, (2, 3)\nMASK: int = 1 << 5\n"
        "@cuda.jit(device=True)\ndef twice(x):\n    return x * B[0]\n"
        "@cuda.jit('void(float32[:])')\ndef k(a):\n"
        "    s = cuda.shared.array((T, T1), float32)\n    s[0, T] = HALF\n"
        "    a[cuda.threadIdx.x] = twice(s[0, T]) + MASK\n"
    )
    out = np.zeros(4, np.float32)
    scope["k"][1, 4](out)
    assert out.tolist() == [33.0] * 4 and scope["T1"] == 5


@pytest.mark.parametrize(
    "top",
    [
        "import os\nos.abort()",
        "raise SystemExit(3)",
        "open('/tmp/no-debe-existir', 'w')",
        "import urdimbre.grading.checks as c\nc.compare = lambda *a: True",
        "from numpy import __dict__ as d",
        "class A:\n    x = __import__('os')._exit(0)",
        "x = [exit() for _ in range(3)]",
        "@print\ndef f():\n    pass",
        "def f(a=exit()):\n    pass",
        "N = 9 ** 9 ** 9",
        "N = (1 << 64) << 64 << 64",
        "if True:\n    exit()",
    ],
)
def test_top_level_code_is_never_executed(top):
    scope = sim.load_source(f"{HEADER}{top}\n@cuda.jit\ndef k(a):\n    a[0] = 1\n")
    assert len(scope[IGNORED]) >= 1
    out = np.zeros(1)
    scope["k"][1, 1](out)
    assert out[0] == 1


@pytest.mark.parametrize(
    "body",
    ["x = a.__class__", "x = np.load.__globals__", "cuda._sys.exit()", "x = open('f')", "exit()",
     "np.save('f', a)", "eval('1')", "x = np.os.abort()", "cuda.to_device(a)"],
)  # fmt: skip
def test_a_kernel_cannot_reach_python(body):
    scope = sim.load_source(f"{HEADER}@cuda.jit\ndef k(a):\n    {body}\n")
    with pytest.raises((KernelTypeError, UnsupportedError)):
        scope["k"][1, 1](np.zeros(1))


@pytest.mark.parametrize("text", ["def k(:\n", "x = (", "\0", "@cuda.jit\n  def k(a): pass"])
def test_not_python(text):
    with pytest.raises(KernelSourceError, match="Python válido"):
        sim.load_source(text)


def test_bombs_end_in_an_error():
    deep = "+".join(["1"] * 900)
    scope = sim.load_source(f"{HEADER}@cuda.jit\ndef k(a):\n    a[0] = {deep}\n")
    with pytest.raises(UnsupportedError, match="anida demasiado"):
        scope["k"][1, 1](np.zeros(1))
    loops = "".join(f"{'    ' * (d + 1)}for i{d} in range(2):\n" for d in range(15))
    scope = sim.load_source(f"{HEADER}@cuda.jit\ndef k(a):\n{loops}{'    ' * 16}a[0] = 1\n")
    with pytest.raises(UnsupportedError, match="ciclos anidados"):
        scope["k"][1, 1](np.zeros(1))
    big = "x = cuda.local.array(1000000000, float32)\n    x[0] = 1"
    scope = sim.load_source(f"{HEADER}@cuda.jit\ndef k(a):\n    {big}\n")
    with pytest.raises(LaunchError, match="memoria local"):
        scope["k"][1, 1](np.zeros(1))


def test_the_types_of_numba_by_their_module():
    scope = sim.load_source(
        "from numba import cuda, types\n@cuda.jit\ndef k(a):\n"
        "    s = cuda.shared.array(4, types.float32)\n"
        "    s[cuda.threadIdx.x] = 1.5\n    a[cuda.threadIdx.x] = s[cuda.threadIdx.x]\n"
    )
    out = np.zeros(4, np.float32)
    scope["k"][1, 4](out)
    assert out.tolist() == [1.5] * 4


@pytest.mark.parametrize("text", ["-np.inf", "np.float32(-np.inf)", "0.0 - math.inf"])
def test_minus_infinity_is_a_constant(text):
    source = (
        "import math\nimport numpy as np\nfrom numba import cuda\n"
        f"LOWEST = {text}\n@cuda.jit\ndef fill(x):\n    x[0] = LOWEST\n"
    )
    x = np.zeros(1, np.float32)
    sim.load_source(source)["fill"][1, 1](x)
    assert x[0] == -np.inf


@pytest.mark.parametrize("text", ["-3e38", "np.float32(-3e38)", "-1e38 * 3.0"])
def test_a_large_float_is_a_constant(text):
    # Es la otra manera de partir una búsqueda del máximo, y no crece como crecería un entero.
    source = (
        "import numpy as np\nfrom numba import cuda\n"
        f"FLOOR = {text}\n@cuda.jit\ndef fill(x):\n    x[0] = FLOOR\n"
    )
    x = np.zeros(1, np.float32)
    sim.load_source(source)["fill"][1, 1](x)
    assert x[0] == np.float32(-3e38)
