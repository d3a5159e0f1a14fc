"""La CUDA Array Interface: compartir la memoria simulada sin copiarla."""

import gc
import weakref

import numpy as np
import pytest

from urdimbre.errors import ArgumentError, UnsupportedError
from urdimbre.sim import facade as cuda
from urdimbre.sim.host.vectorizers import vectorize

f4, i4 = np.float32, np.int32


class Foreign:
    """El arreglo de otra biblioteca: solo se conoce su interfaz."""

    def __init__(self, array, **changes):
        self.owner = array
        self.__cuda_array_interface__ = array.__cuda_array_interface__ | changes


@cuda.jit
def doubled(a):
    i = cuda.grid(1)
    if i < a.shape[0]:
        a[i] *= 2


def test_the_interface_describes_the_array():
    a = cuda.to_device(np.zeros((3, 4), f4))
    found = a.__cuda_array_interface__
    assert found["data"] == (a.address, False) and found["version"] == 3
    assert (found["shape"], found["typestr"], found["strides"]) == ((3, 4), "<f4", None)
    part = a[1:, ::2].__cuda_array_interface__
    assert (part["data"][0], part["strides"]) == (a.address + 16, (16, 8))
    assert cuda.device_array(0).__cuda_array_interface__["data"][0] == 0


def test_the_stream_travels_by_its_number():
    s = cuda.stream()
    a = cuda.device_array(4, stream=s)
    assert a.__cuda_array_interface__["stream"] == s.handle
    seen = cuda.as_cuda_array(Foreign(a)).stream
    assert seen.external and seen.handle == s.handle


@pytest.mark.parametrize("part", [
    slice(None), slice(2, 9), slice(None, None, 3), slice(None, None, -1),
])  # fmt: skip
def test_a_kernel_writes_the_array_of_another(part):
    host = np.arange(12, dtype=i4)
    a = cuda.to_device(host)
    doubled[1, 32](Foreign(a[part]))
    host[part] *= 2
    assert np.array_equal(a.copy_to_host(), host)


def test_a_field_of_a_record_and_the_records():
    kind = np.dtype([("x", f4), ("y", np.float64)], align=True)
    host = np.zeros(4, kind)
    host["y"] = [1, 2, 3, 4]
    a = cuda.to_device(host)
    doubled[1, 32](Foreign(a["y"]))
    assert a.copy_to_host()["y"].tolist() == [2, 4, 6, 8]
    again = cuda.as_cuda_array(Foreign(a)).copy_to_host()
    assert again.dtype.names == ("x", "y") and again["y"].tolist() == [2, 4, 6, 8]


def test_two_views_share_their_bytes():
    a = cuda.to_device(np.arange(4, dtype=i4))
    b = cuda.as_cuda_array(Foreign(a))
    assert cuda.is_cuda_array(Foreign(a)) and not cuda.is_cuda_array(np.zeros(3))
    b[:] = 7
    assert a.copy_to_host().tolist() == [7, 7, 7, 7]
    del a
    assert b.copy_to_host().tolist() == [7, 7, 7, 7]


def test_an_address_keeps_nothing_alive():
    a = cuda.device_array(8)
    found, alive = a.__cuda_array_interface__, weakref.ref(a.store)
    del a
    assert alive() is None
    with pytest.raises(ArgumentError, match="no es de la memoria del simulador"):
        cuda.from_cuda_array_interface(found)


def test_memory_is_freed_when_the_array_is_dropped_and_not_later():
    gc.disable()
    try:
        a = cuda.device_array(8)
        doubled[1, 32](a)
        alive = weakref.ref(a.store)
        del a
        assert alive() is None
    finally:
        gc.enable()


@pytest.mark.parametrize(("changes", "why"), [
    ({"data": (4096, False)}, "0x1000 no es de la memoria del simulador"),
    ({"shape": (400,)}, "no describe un arreglo"),
    ({"typestr": "O"}, "no se puede usar en un kernel"),
])  # fmt: skip
def test_a_wrong_description_is_refused(changes, why):
    a = cuda.device_array(4)
    with pytest.raises(ArgumentError, match=why):
        doubled[1, 32](Foreign(a, **changes))


def test_a_mask_is_refused_as_in_numba():
    a = cuda.device_array(4)
    with pytest.raises(UnsupportedError, match="máscara"):
        cuda.as_cuda_array(Foreign(a, mask=a))


def test_a_read_only_array_is_not_written():
    a = cuda.to_device(np.ones(4))
    with pytest.raises(Exception, match="lectura"):
        doubled[1, 32](Foreign(a, data=(a.address, True)))


def test_vectorize_takes_and_fills_the_array_of_another():
    @vectorize(["float64(float64, float64)"], target="cuda")
    def added(x, y):
        return x + y

    a, out = cuda.to_device(np.arange(4.0)), cuda.device_array(4)
    added(Foreign(a), 6.0, out=Foreign(out))
    assert out.copy_to_host().tolist() == [6, 7, 8, 9]
