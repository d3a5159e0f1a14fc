"""Lo que un programa hace fuera del kernel: reducir, mapear, preguntar por el dispositivo."""

import subprocess
import sys

import numpy as np
import pytest

from urdimbre.errors import ArgumentError, LaunchError, UnsupportedError
from urdimbre.sim import facade as cuda


@cuda.reduce
def total(a, b):
    return a + b


@pytest.mark.parametrize("n", [1, 2, 31, 100, 127, 128, 129, 1000, 5003])
@pytest.mark.parametrize("t", [np.int32, np.int64, np.float64])
def test_reduce(n, t):
    a = np.random.default_rng(n).integers(-99, 99, n).astype(t)
    assert total(a) == a.sum(dtype=t)
    assert total(a, init=5, size=(n + 1) // 2) == a[: (n + 1) // 2].sum(dtype=t) + 5
    assert total(a).dtype == t
    largest = cuda.Reduce(lambda x, y: max(x, y))
    assert largest(cuda.to_device(a), init=-100) == a.max()


def test_two_functions_on_a_line():
    low, high = cuda.Reduce(lambda x, y: min(x, y)), cuda.Reduce(lambda x, y: max(x, y))
    a = np.array([3, -4, 9, 1], np.int64)
    assert (low(a, init=99), high(a, init=-99)) == (-4, 9)


def test_reduce_into_a_device_array_and_of_nothing():
    out = cuda.device_array(3, np.float32)
    assert total(np.full(9, 2, np.float32), res=out) is None
    assert out.copy_to_host()[0] == 18
    assert total(np.zeros(0, np.float32), init=4) == 4
    with pytest.raises(ArgumentError, match="una dimensión"):
        total(np.zeros((2, 2)))


@cuda.jit
def double(a):
    i = cuda.grid(1)
    if i < a.size:
        a[i] *= 2


@pytest.mark.parametrize(
    "make",
    [
        lambda: cuda.mapped_array(4, np.int32),
        lambda: cuda.managed_array(4, np.int32),
        lambda: cuda.mapped_array_like(np.zeros(4, np.int32)),
        lambda: cuda.pinned_array(4, np.int32),
    ],
)
def test_arrays_that_both_sides_see(make):
    a = make()
    a[:] = [1, 2, 3, 4]
    with cuda.mapped(a) as same:
        double[1, 4](same)
    assert a.tolist() == [2, 4, 6, 8]


def test_what_is_copied_each_way():
    a = np.ones(4, np.float32)
    double[1, 4](cuda.In(a))
    assert (a == 1).all()
    double[1, 4](cuda.InOut(a))
    assert (a == 2).all()
    double[1, 4](cuda.Out(a))
    assert np.isnan(a).all()


def test_the_device_does_not_invent_a_card():
    device = cuda.get_current_device()
    assert device.WARP_SIZE == 32
    assert device is cuda.select_device(0)
    for name in ("compute_capability", "MULTIPROCESSOR_COUNT"):
        with pytest.raises(AttributeError, match="tarjeta real"):
            getattr(device, name)
    with pytest.raises(UnsupportedError, match="tarjeta real"):
        cuda.current_context().get_memory_info()
    cuda.current_context().synchronize()


@pytest.mark.parametrize("name", ["inspect_asm", "overloads", "get_regs_per_thread"])
def test_machine_code_is_refused(name):
    with pytest.raises(AttributeError, match=r"código de máquina.*urdimbre\.compile_report"):
        getattr(double, name)
    with pytest.raises(AttributeError, match="no tiene «nada»"):
        double.nada  # noqa: B018


def test_the_errors_a_program_catches():
    assert issubclass(LaunchError, cuda.cudadrv.driver.CudaAPIError)
    with pytest.raises(cuda.cudadrv.driver.CudaAPIError):
        double[1, 2048](np.zeros(1))
    assert issubclass(cuda.CudaSupportError, ImportError)


PROGRAM = """
import urdimbre
urdimbre.enable("sim", quiet=True)
from numba import cuda
from numba.cuda.cudadrv.driver import CudaAPIError
from numba.cuda.cudadrv.error import CudaSupportError
import numpy as np
@cuda.jit
def k(a):
    a[0] = 1
try:
    k[1, 4096](np.zeros(1))
except CudaAPIError:
    print("capturado")
"""


def test_a_program_that_imports_the_errors():
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True)
    assert done.stdout == "capturado\n", done.stderr
