"""Registros y constantes frente a NumPy, y lo que cuestan en la memoria."""

import numpy as np
import pytest

from urdimbre import sim
from urdimbre.errors import KernelTypeError
from urdimbre.observe import Counters, Memcheck, Racecheck
from urdimbre.sim import facade as cuda

FULL = np.dtype([("x", "f4"), ("y", "f8"), ("k", "i4")], align=True)
POINT = np.dtype([("x", "f4"), ("y", "f4"), ("z", "f4"), ("w", "f4")], align=True)
PACKED = np.dtype([("x", "f4"), ("y", "f4"), ("z", "f4")])
NESTED = np.dtype([("p", POINT), ("w", "f4")], align=True)
WEIGHTS = np.array([0.25, 0.5, 0.25], np.float32)
TABLE = np.arange(12, dtype=np.int32).reshape(3, 4)
N = 70


def records(dtype, seed=0):
    rng = np.random.default_rng(seed)
    out = np.empty(N, dtype)
    for name in dtype.names:
        kind = dtype.fields[name][0]
        out[name] = records(kind, seed + 1) if kind.names else rng.integers(-50, 50, N).astype(kind)
    return out


@cuda.jit
def by_attribute(a, out):
    i = cuda.grid(1)
    if i < a.size:
        a[i].y = a[i].x * 2 + a[i].k
        out[i] = a[-1].y


@cuda.jit
def by_name(a, out):
    i = cuda.grid(1)
    if i < a.size:
        a[i]["y"] = a[i]["x"] * 2 + a[i]["k"]
        out[i] = a[-1]["y"]


@cuda.jit
def by_column(a, out):
    i = cuda.grid(1)
    if i < a.size:
        a.y[i] = a["x"][i] * 2 + a.k[i]
        out[i] = a["y"][-1]


@pytest.mark.parametrize("kernel", [by_attribute, by_name, by_column])
def test_a_field_is_read_and_written_in_its_place(kernel):
    a = records(FULL)
    expected = a.copy()
    expected["y"] = np.float64(a["x"]) * 2 + a["k"]
    kernel[3, 32](a, np.zeros(N))
    np.testing.assert_array_equal(a, expected)


@cuda.jit
def aliases(a, b):
    i = cuda.grid(1)
    if i < a.size:
        r = a[i] if a[i].x > 0 else a[(i + 1) % a.size]
        r.k += 1000
        r["y"] -= 0.5
        b[i] = a[i]


def test_a_record_variable_is_a_place_and_not_a_copy():
    a, b = records(FULL), records(FULL, 5)
    a["x"] = np.where(np.arange(N) % 2 == 0, 1, -1)
    expected = a.copy()
    for i in range(0, N, 2):  # los impares van al siguiente, que es par: dos sumas sin atómica
        expected["k"][i] += 1000
        expected["y"][i] -= 0.5
    aliases[3, 32](a, b)
    np.testing.assert_array_equal(a, expected)
    np.testing.assert_array_equal(b["k"][::2], expected["k"][::2])


@cuda.jit
def nested(a, out):
    i = cuda.grid(1)
    if i < a.size:
        q = a[i].p
        out[i] = q.x + a[i]["p"]["w"]
        a[i].p.z = a[i].w
        a["p"].y[i] = 7


def test_nested_records():
    a, out = records(NESTED), np.zeros(N, np.float32)
    expected = a.copy()
    expected["p"]["z"], expected["p"]["y"] = a["w"], 7
    total = a["p"]["x"] + a["p"]["w"]
    nested[3, 32](a, out)
    np.testing.assert_array_equal(out, total)
    np.testing.assert_array_equal(a, expected)


@cuda.jit
def staged(a, out):
    shared = cuda.shared.array(32, POINT)
    own = cuda.local.array(2, POINT)
    t = cuda.threadIdx.x
    i = cuda.grid(1)
    if i < a.size:
        shared[t] = a[i]
        own[1] = a[i]
        own[0].x = own[1].y + shared[t].z
        cuda.atomic.add(out.x, 0, own[0].x)


def test_records_in_shared_and_local_memory_and_an_atomic_on_a_field():
    a, out = records(POINT), np.zeros(1, POINT)
    staged[3, 32](a, out)
    assert out["x"][0] == np.sum(a["y"] + a["z"])


@cuda.jit
def walk(a, out):
    total = 0
    for r in a:
        total += r.k
    out[0] = total


def test_a_loop_over_records():
    a, out = records(FULL), np.zeros(1, np.int64)
    walk[1, 1](a, out)
    assert out[0] == a["k"].sum()


@cuda.jit
def read_y(a, out):
    i = cuda.grid(1)
    out[i] = a[i].y


@cuda.jit
def column_y(a, out):
    i = cuda.grid(1)
    out[i] = a.y[i]


@cuda.jit
def separate(y, out):
    i = cuda.grid(1)
    out[i] = y[i]


def loads(kernel, a):
    seen = Counters()
    with sim.observing(seen):
        kernel[1, 32](a, np.zeros(32, np.float32))
    return seen.total.global_load_requests, seen.total.global_load_sectors


@pytest.mark.parametrize(
    ("kernel", "a", "expected"),
    [
        (separate, np.zeros(32, np.float32), (1, 4)),  # 32 · 4 B = 128 B: 4 sectores
        (read_y, np.zeros(32, POINT), (1, 16)),  # paso de 16 B: 512 B, 16 sectores
        (column_y, np.zeros(32, POINT), (1, 16)),
        (read_y, np.zeros(32, PACKED), (4, 48)),  # byte a byte: 4 veces 384 B, 12 sectores cada una
        (column_y, np.zeros(32, PACKED), (4, 48)),
    ],
)  # fmt: skip
def test_what_an_array_of_records_costs(kernel, a, expected):
    assert loads(kernel, a) == expected


@cuda.jit
def race_free(out):
    s = cuda.shared.array(64, POINT)
    i = cuda.grid(1)
    s[i].x = i
    s[(i + 1) % 64].y = i
    out[i] = s[i].x


@cuda.jit
def racy(out):
    s = cuda.shared.array(64, POINT)
    i = cuda.grid(1)
    s[i].x = i
    s[(i + 1) % 64].y = i
    out[i] = s[i].y


def test_the_sanitizer_tells_the_fields_apart():
    for kernel, count in ((race_free, 0), (racy, 1)):
        seen = Racecheck()
        with sim.observing(seen):
            kernel[1, 64](np.zeros(64, np.float32))
        assert min(len(seen.findings), 1) == count


def test_a_record_out_of_bounds_is_found():
    seen = Memcheck()
    with sim.observing(seen):
        read_y[1, 32](np.zeros(31, POINT), np.zeros(32, np.float32))
    assert [f.kind for f in seen.findings] == ["out_of_bounds"]
    assert seen.findings[0].threads


def test_device_arrays_of_records():
    a = cuda.to_device(records(POINT))
    out = np.zeros(N, np.float32)
    separate[1, 32](a["y"], out)
    np.testing.assert_array_equal(out[:32], records(POINT)["y"][:32])
    assert cuda.device_array(4, POINT).copy_to_host().dtype == POINT


UNALIGNED = np.dtype([("x", "f4"), ("y", "f8")])


@pytest.mark.parametrize(
    ("dtype", "error", "text"),
    [
        (UNALIGNED, KernelTypeError, "align=True"),
        (np.dtype([("a", "f4")]), KernelTypeError, "no tiene el campo «y»"),
    ],
)
def test_fields_that_numba_or_the_simulator_refuse(dtype, error, text):
    with pytest.raises(error, match=text):
        read_y[1, 1](np.zeros(2, dtype), np.zeros(1, np.float32))


@cuda.jit
def one_record(r, out):
    out[0] = r.x + r["k"]
    r.k = 7


def test_a_record_as_an_argument():
    a, out = records(FULL), np.zeros(1)
    expected = float(a["x"][3]) + int(a["k"][3])
    one_record[1, 1](a[3], out)
    assert out[0] == expected
    assert a["k"][3] == 7


def test_the_record_type_of_numba_is_the_same():
    numba = pytest.importorskip("numba")
    text = (
        "from numba import cuda\n@cuda.jit\ndef k(out):\n    s = cuda.local.array(2, REC)\n"
        "    s[1].y = 2.5\n    out[0] = s[1].y\n"
    )
    for kind in (FULL, numba.from_dtype(FULL)):
        out = np.zeros(1)
        sim.load_source(text, names={"REC": kind})["k"][1, 1](out)
        assert out[0] == 2.5


# ---- constantes --------------------------------------------------------------------------------


@cuda.jit
def weighted(a, out):
    w = cuda.const.array_like(WEIGHTS)
    t = cuda.const.array_like(TABLE)
    i = cuda.grid(1)
    out[i] = w[i % 3] * a[i] + t[i % 3, 1] + TABLE[i % 3, 1] if i % 2 else w[2]


def test_constant_arrays():
    a = np.arange(64, dtype=np.float32)
    out = np.zeros(64, np.float32)
    i = np.arange(64, dtype=np.int64)
    expected = np.where(i % 2, WEIGHTS[i % 3] * a + 2 * TABLE[i % 3, 1], WEIGHTS[2])
    weighted[2, 32](a, out)
    np.testing.assert_array_equal(out, expected)


@cuda.jit
def writes_constant(out):
    w = cuda.const.array_like(WEIGHTS)
    w[0] = out[0]


@cuda.jit
def writes_global(out):
    WEIGHTS[0] += out[0]


@cuda.jit
def adds_to_global(out):
    cuda.atomic.add(WEIGHTS, 0, out[0])


@cuda.jit
def writes_view(out):
    v = out[1:]
    v[0] = 1


@pytest.mark.parametrize("kernel", [writes_constant, writes_global, adds_to_global, writes_view])
def test_writing_a_constant_or_read_only_array_does_not_compile(kernel):
    out = np.zeros(4, np.float32)
    out.flags.writeable = False
    with pytest.raises(KernelTypeError, match="no se puede escribir"):
        kernel[1, 1](out)
