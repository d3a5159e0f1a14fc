"""Lo que se aconseja en una carrera: lo que de verdad la arregla."""

import numpy as np
import pytest

from urdimbre.observe import sanitize
from urdimbre.sim import facade as cuda

f4 = np.float32


@cuda.jit
def count(out):
    out[0] += 1


@cuda.jit
def minimum(x, out):
    if x[cuda.grid(1)] < out[0]:
        out[0] = x[cuda.grid(1)]


@cuda.jit
def neighbour(x):
    i = cuda.grid(1)
    if i + 1 < x.size:
        x[i] = x[i] + x[i + 1]


@cuda.jit
def inside_an_if(out):
    s = cuda.shared.array(64, f4)
    t = cuda.threadIdx.x
    s[t] = t
    if t < 32:
        out[t] = s[t + 1]


@cuda.jit
def overlapping_turns(out):
    for k in range(2):
        out[cuda.grid(1) + 32 * k] = k


@cuda.jit
def everyone(out):
    s = cuda.shared.array(64, f4)
    t = cuda.threadIdx.x
    s[t] = t
    out[t] = s[63 - t]


@cuda.jit
def two_names(out):
    a = cuda.shared.array(0, f4)
    b = cuda.shared.array(0, f4)
    t = cuda.threadIdx.x
    a[t] = t
    out[t] = b[63 - t]


@cuda.jit
def start_and_add(out):
    if cuda.threadIdx.x == 0:
        out[0] = 0
    cuda.syncthreads()
    cuda.atomic.add(out, 0, 1)


def test_a_lost_update_asks_for_an_atomic():
    # También si todos escriben el mismo valor: no es inofensivo, se pierden cuentas.
    found = sanitize(count[2, 64], np.zeros(1, f4))
    assert [f.detail["hazard"] for f in found] == ["WAR", "WAW"]
    assert all(f.severity == "error" and "cuda.atomic.add" in f.message for f in found)
    assert "se pierden actualizaciones" in found[1].message
    assert "el hilo 63 del bloque 1 y el hilo 0 del bloque 0" in found[1].message


def test_so_does_a_test_before_the_write():
    # Poner una barrera dentro del «if» sería otro error.
    x = np.arange(64, dtype=f4)[::-1] - 100
    found = sanitize(minimum[1, 64], x.copy(), np.zeros(1, f4))
    assert found and all("cuda.atomic" in f.message for f in found)
    assert not any("syncthreads" in f.message for f in found)


def test_between_blocks_a_barrier_is_not_enough():
    (found,) = sanitize(neighbour[2, 64], np.ones(128, f4))
    assert "También pasa entre bloques" in found.message and "otro arreglo" in found.message
    (found,) = sanitize(neighbour[1, 64], np.ones(64, f4))
    assert "entre bloques" not in found.message and "syncthreads" in found.message


def test_an_initial_value_and_atomics_between_blocks():
    found = sanitize(start_and_add[2, 64], np.zeros(1, f4))
    assert any("en otro lanzamiento o con una copia" in f.message for f in found)


@pytest.mark.parametrize(("kernel", "said"), [(inside_an_if, True), (everyone, False)])
def test_a_barrier_goes_where_everyone_passes(kernel, said):
    (found,) = sanitize(kernel[1, 64], np.zeros(64, f4))
    assert ("donde pasen todos los hilos del bloque" in found.message) is said


def test_writing_twice_the_same_place_points_to_the_index_first():
    (found,) = sanitize(overlapping_turns[1, 64], np.zeros(96, f4))
    assert found.detail["hazard"] == "WAW" and "revisa el índice" in found.message


def test_two_names_of_the_same_memory_are_explained():
    (found,) = sanitize(two_names[1, 64, 0, 256], np.zeros(64, f4))
    assert "lee b[63] (la misma memoria que «a»)" in found.message
