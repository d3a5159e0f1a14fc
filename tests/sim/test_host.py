"""Lo que un programa hace fuera del kernel: reducir, mapear, preguntar por el dispositivo."""

import asyncio
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


def test_a_device_array_looks_like_its_host_array():
    host = np.arange(24, dtype=np.int32).reshape(2, 3, 4)
    for a in (host, np.asfortranarray(host)):
        d = cuda.to_device(a)
        assert d.flags["C_CONTIGUOUS"] == a.flags["C_CONTIGUOUS"]
        assert (d.transpose((2, 0, 1)).copy_to_host() == a.transpose(2, 0, 1)).all()
        assert (d.ravel("A").copy_to_host() == a.ravel("A")).all()
        assert (d.reshape(6, 4, order="A").copy_to_host() == a.reshape(6, 4, order="A")).all()
        like = cuda.device_array_like(d)
        assert (like.shape, like.strides) == (a.shape, a.strides)
        assert cuda.device_array_like(d[:, ::2]).strides == np.empty_like(a[:, ::2]).strides
    d = cuda.to_device(host)
    assert [p.size for p in d.ravel().split(10)] == [10, 10, 4]
    assert d[:1].squeeze().shape == (3, 4)
    with pytest.raises(ValueError, match="no copia"):
        d.T.reshape(24)


def test_the_same_memory_with_another_type():
    d = cuda.to_device(np.zeros(4, np.float32))

    @cuda.jit
    def k(bits):
        bits[cuda.threadIdx.x] = 0x3F800000

    k[1, 3](d[1:].view(np.int32))
    assert d.copy_to_host().tolist() == [0, 1, 1, 1]
    assert isinstance(d, cuda.cudadrv.devicearray.DeviceNDArray)


def test_only_contiguous_memory_is_copied():
    d = cuda.to_device(np.zeros((4, 4)))
    with pytest.raises(ValueError, match="no es contiguo"):
        d[:, 1].copy_to_device(np.ones(4))
    with pytest.raises(ValueError, match="distinto orden"):
        d.copy_to_device(cuda.to_device(np.asfortranarray(np.ones((4, 4)))))
    d[1].copy_to_device(np.ones(4))
    assert d.copy_to_host().sum() == 4


def test_what_needs_the_compiler_is_refused_when_called():
    from urdimbre.sim.facade import compile_ptx

    with pytest.raises(UnsupportedError, match="compile_report"):
        compile_ptx(double, ())
    with pytest.raises(ValueError, match="forall"):
        double.forall(-1)


def test_a_stream_calls_back_and_can_be_awaited():
    stream, seen = cuda.stream(), []
    stream.add_callback(lambda *given: seen.append(given), "listo")
    assert seen == [(stream, 0, "listo")]

    async def wait():
        return await stream.async_done()

    assert asyncio.run(wait()) is stream
    assert cuda.device_array(3).bind(stream).stream is stream


NEWER = """
import urdimbre
urdimbre.enable("sim", quiet=True)
from numba.cuda import float32, int32
from numba import cuda
import numpy as np

@cuda.jit
def k(out):
    s = cuda.shared.array(2, int32)
    s[0] = 2.9
    out[0] = s[0] + cuda.float32(0.1)

out = np.zeros(1, np.float32)
k[1, 1](out)
assert out[0] == np.float32(2 + np.float64(np.float32(0.1))), out
assert cuda.legacy_default_stream().synchronize() is None
"""


WITHOUT_NUMBA = """
import importlib.machinery
real = importlib.machinery.PathFinder.find_spec
def find_spec(name, path=None, target=None):
    return None if name.partition(".")[0] == "numba" else real(name, path, target)
importlib.machinery.PathFinder.find_spec = staticmethod(find_spec)
"""


@pytest.mark.parametrize("before", ["", WITHOUT_NUMBA])
def test_the_types_are_also_in_numba_cuda(before, tmp_path):
    path = tmp_path / "program.py"
    path.write_text(before + NEWER, encoding="utf-8")
    done = subprocess.run([sys.executable, str(path)], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
