"""``debug=True``: dividir entre cero es un error, como en el compilador de Numba CUDA."""

import numpy as np
import pytest

from urdimbre import sim
from urdimbre.errors import KernelRuntimeError
from urdimbre.sim import facade as cuda

TEXT = """
from numba import cuda

@cuda.jit({options})
def k(a, b, out):
    i = cuda.grid(1)
    if i < a.shape[0]:
        out[i] = {expression}
"""


def loaded(expression, options="debug=True, opt=False"):
    return sim.load_source(TEXT.format(expression=expression, options=options))["k"]


@pytest.mark.parametrize("dtype", [np.int32, np.uint64, np.float32, np.float64])
@pytest.mark.parametrize("expression", [
    "a[i] / b[i]", "a[i] // b[i]", "a[i] % b[i]", "divmod(a[i], b[i])[0]",
])  # fmt: skip
def test_dividing_by_zero_names_the_line_the_block_and_the_thread(expression, dtype):
    a, b, out = np.ones(64, dtype), np.ones(64, dtype), np.zeros(64)
    loaded(expression)[2, 32](a, b, out)
    b[37] = 0
    before = out.copy()
    with pytest.raises(ZeroDivisionError) as caught:
        loaded(expression)[2, 32](a, b, out)
    assert isinstance(caught.value, KernelRuntimeError) and caught.value.line == 8
    assert "tid=[0, 0, 5] ctaid=[0, 0, 1]: división entre cero" in str(caught.value)
    assert np.array_equal(out, before)


@pytest.mark.parametrize("expression", [
    "b[i] != 0 and a[i] / b[i] > 0", "a[i] / b[i] if b[i] != 0 else 0.0", "a[i] / 2",
    "1 if b[i] == 0 or a[i] % b[i] == 0 else 0",
])  # fmt: skip
def test_a_division_that_no_lane_reaches_is_no_error(expression):
    a, b, out = np.ones(32), np.zeros(32), np.zeros(32)
    loaded(expression)[1, 32](a, b, out)
    assert np.all(np.isfinite(out))


def test_without_debug_the_result_is_infinite():
    out = np.zeros(1)
    loaded("a[i] / b[i]", "")[1, 1](np.ones(1), np.zeros(1), out)
    assert np.isinf(out[0])


def test_a_device_function_has_its_own_option():
    @cuda.jit(device=True, debug=True, opt=False)
    def ratio(x, y):
        return x / y

    @cuda.jit
    def k(a, out):
        out[0] = ratio(a[0], a[1])

    with pytest.raises(ZeroDivisionError, match="división entre cero"):
        k[1, 1](np.zeros(2), np.zeros(1))


def test_the_options_of_a_text_are_those_of_the_facade():
    given = {"fastmath": True, "debug": True, "opt": False, "max_registers": 40}
    written = ", ".join(f"{name}={value}" for name, value in given.items())
    assert loaded("a[i]", written).options == given
    assert cuda.jit(**given)(test_without_debug_the_result_is_infinite).options == given
