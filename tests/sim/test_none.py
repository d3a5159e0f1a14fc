"""``x = None`` y después otro valor: compila, como en Numba, si al leerla no puede ser None."""

import numpy as np
import pytest

from urdimbre import sim
from urdimbre.errors import KernelTypeError, UnsupportedError

HEAD = "from numba import cuda\n@cuda.jit\ndef k(a, out):\n    i = cuda.grid(1)\n    x = None\n"


def run(body):
    a, out = np.arange(1.0, 33.0), np.zeros(32)
    sim.load_source(HEAD + body)["k"][1, 32](a, out)
    return a, out


@pytest.mark.parametrize("body", [
    "    x = a[i]\n    out[i] = x\n",
    "    for j in range(2):\n        x = a[i]\n        out[i] = x\n",
    "    if i < 5:\n        x = a[i]\n    else:\n        x = a[i] * 1\n    out[i] = x\n",
    "    out[i] = a[i] if x is None else 0\n",
    "    y = x\n    if y is None:\n        out[i] = a[i]\n",
    "    if i < 5:\n        x = 1.0\n    out[i] = a[i]\n",
])  # fmt: skip
def test_a_variable_that_holds_a_value_when_read(body):
    a, out = run(body)
    assert np.array_equal(out, a)


@pytest.mark.parametrize("body", [
    "    if i < 5:\n        x = a[i]\n    out[i] = x\n",
    "    for j in range(i):\n        x = a[j]\n    out[i] = x\n",
])  # fmt: skip
def test_a_variable_that_is_sometimes_none_is_refused_where_it_is_read(body):
    with pytest.raises(UnsupportedError, match=r"«x» es a veces None al llegar aquí") as caught:
        run(body)
    assert caught.value.source == "out[i] = x"


@pytest.mark.parametrize(("body", "why"), [
    ("    out[i] = x\n", "guardar números"), ("    out[i] = a[i] + x\n", "no admite None"),
])  # fmt: skip
def test_none_is_not_a_number(body, why):
    with pytest.raises(KernelTypeError, match=why):
        run(body)


def test_a_method_that_numba_knows_is_not_denied():
    with pytest.raises(UnsupportedError, match=r"Numba conoce «mean».*«for»"):
        run("    out[i] = a.mean()\n")
    with pytest.raises(KernelTypeError, match=r"Un arreglo no tiene «tolist»"):
        run("    out[i] = a.tolist()\n")
