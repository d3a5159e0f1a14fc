"""Campos de un registro que son arreglos: valores frente a NumPy, direcciones y contadores."""

import numpy as np
import pytest

from urdimbre import sim
from urdimbre.errors import ArgumentError, KernelRuntimeError, KernelTypeError
from urdimbre.observe import Counters, Initcheck, Memcheck, Racecheck
from urdimbre.sim import facade as cuda

BODY = np.dtype([("pos", np.float32, 3), ("m", np.float64)], align=True)  # 24 B
ODD = np.dtype([("pos", np.float32, 3), ("m", np.float32), ("k", np.int8)])  # 17 B
GRID = np.dtype([("cells", np.int32, (2, 3)), ("tag", np.int32)], align=True)  # 28 B
PAIR = np.dtype([("a", np.int32), ("t", np.int16, 2)], align=True)
DEEP = np.dtype([("k", np.int32), ("rs", PAIR, 2), ("in", BODY)], align=True)
N = 70


def records(dtype, seed=0, n=N):
    rng = np.random.default_rng(seed)
    out = np.zeros(n, dtype)
    for name in dtype.names:
        element, lengths = dtype.fields[name][0].subdtype or (dtype.fields[name][0], ())
        if element.names:
            count = n * int(np.prod(lengths, dtype=np.int64))
            out[name] = records(element, seed + 1, count).reshape(n, *lengths)
        else:
            out[name] = rng.integers(-50, 50, (n, *lengths)).astype(element)
    return out


@cuda.jit
def by_attribute(a, out):
    i = cuda.grid(1)
    if i < a.size:
        a[i].pos[2] = a[i].pos[0] + a[i].pos[-2]
        out[i] = a[-1].pos[i % 2]


@cuda.jit
def by_name(a, out):
    i = cuda.grid(1)
    if i < a.size:
        a[i]["pos"][2] = a[i]["pos"][0] + a[i]["pos"][-2]
        out[i] = a[-1]["pos"][i % 2]


@cuda.jit
def by_column(a, out):
    i = cuda.grid(1)
    if i < a.size:
        a.pos[i, 2] = a["pos"][i][0] + a.pos[i, -2]
        out[i] = a.pos[-1][i % 2]


@cuda.jit
def by_variable(a, out):
    i = cuda.grid(1)
    if i < a.size:
        r = a[i]
        p = r.pos
        x, y, _z = p
        p[2] = x + y
        q = a[-1].pos[:2]
        out[i] = q[i % len(q)]


@pytest.mark.parametrize("kernel", [by_attribute, by_name, by_column, by_variable])
@pytest.mark.parametrize("dtype", [BODY, ODD])
def test_an_array_field_is_read_and_written_in_its_place(kernel, dtype):
    a = records(dtype)
    expected, out = a.copy(), np.zeros(N, np.float32)
    expected["pos"][:, 2] = a["pos"][:, 0] + a["pos"][:, 1]
    kernel[3, 32](a, out)
    np.testing.assert_array_equal(a, expected)
    np.testing.assert_array_equal(out, expected["pos"][-1][np.arange(N) % 2])


@cuda.jit
def two_axes(a, out):
    i = cuda.grid(1)
    if i < a.size:
        c = a[i].cells
        total = 0
        for row in c:
            for x in row:
                total += x
        flat = c.reshape(6)
        c[1, 2] = c.T[0, 1] + c[0][1] + flat[5] + c.strides[0] + c.shape[1]
        c[0, 1:] = total


def test_fields_of_two_axes_views_and_loops():
    a = records(GRID)
    expected, c = a.copy(), a["cells"].astype(np.int64)
    expected["cells"][:, 1, 2] = c[:, 1, 0] + c[:, 0, 1] + c[:, 1, 2] + 12 + 3
    expected["cells"][:, 0, 1:] = c.sum(axis=(1, 2))[:, None]
    two_axes[3, 32](a, np.zeros(1))
    np.testing.assert_array_equal(a, expected)


@cuda.jit
def deep(a, b):
    i = cuda.grid(1)
    if i < a.size:
        a[i].rs[1].t[0] = a[i].rs[0].a + a[i].k
        a[i]["in"].pos[1] += 1
        b[i] = a[i]
        b[i].rs[0] = a[i].rs[1]
        b[i]["in"].pos = a[0]["in"].pos


def test_arrays_of_records_inside_records_and_whole_copies():
    a, b = records(DEEP), records(DEEP, 9)
    expected = a.copy()
    expected["rs"]["t"][:, 1, 0] = (a["rs"]["a"][:, 0] + a["k"]).astype(np.int16)
    expected["in"]["pos"][:, 1] += 1
    copied = expected.copy()
    copied["rs"][:, 0] = expected["rs"][:, 1]
    copied["in"]["pos"] = expected["in"]["pos"][0]
    deep[1, 32](a[:32], b[:32])  # un solo bloque: todos leen a[0] ya escrito
    np.testing.assert_array_equal(a[:32], expected[:32])
    np.testing.assert_array_equal(b[:32], copied[:32])


@cuda.jit
def staged(a, out):
    s = cuda.shared.array(32, BODY)
    own = cuda.local.array(2, BODY)
    t = cuda.threadIdx.x
    i = cuda.grid(1)
    if i < a.size:
        s[t] = a[i]
        own[1].pos[2] = s[t].pos[1]
        own[0].pos[0] = own[1].pos[2] * 2
        cuda.atomic.add(out[0].pos, 1, own[0].pos[0])
        cuda.atomic.add(out["pos"], (0, 2), own[1].pos[2])


def test_shared_and_local_memory_and_atomics_on_an_element_of_a_field():
    a, out = records(BODY), np.zeros(1, BODY)
    staged[3, 32](a, out)
    total = a["pos"][:, 1].sum()
    np.testing.assert_array_equal(out["pos"][0], [0, 2 * total, total])


@cuda.jit
def swapped(out):
    s = cuda.shared.array(0, BODY)
    i = cuda.grid(1)
    s[i].pos[1] = i
    cuda.syncthreads()
    out[i] = s[31 - i].pos[1]


@pytest.mark.parametrize("extra", [0, 8])
def test_dynamic_shared_memory_of_any_size(extra):
    out = np.zeros(32, np.float32)
    swapped[1, 32, 0, 32 * BODY.itemsize + extra](out)
    np.testing.assert_array_equal(out, np.arange(32)[::-1])


@cuda.jit
def read_one(a, out):
    i = cuda.grid(1)
    out[i] = a[i].pos[1]


@cuda.jit
def read_column(a, out):
    i = cuda.grid(1)
    out[i] = a.pos[i, 1]


def loads(kernel, a):
    seen = Counters()
    with sim.observing(seen):
        kernel[1, 32](a, np.zeros(32, np.float32))
    return seen.total.global_load_requests, seen.total.global_load_sectors


TIGHT = np.dtype([("pos", np.float32, 3)], align=True)  # 12 B


@pytest.mark.parametrize(
    ("kernel", "a", "expected"),
    [
        # Del byte 4 en adelante, cada 12 B: 32 · 12 B = 384 B son 12 sectores.
        (read_one, np.zeros(32, TIGHT), (1, 12)),
        (read_column, np.zeros(32, TIGHT), (1, 12)),
        # Cada 24 B: 32 · 24 B = 768 B son 24 sectores, y cada uno lo toca alguien.
        (read_one, np.zeros(32, BODY), (1, 24)),
        # Un arreglo sin align=True, pedido por columnas: byte a byte, cada 17 B.
        # 32 · 17 B = 544 B son 17 sectores, y cada byte de los cuatro pasa por todos.
        (read_column, np.zeros(32, ODD), (4, 68)),
    ],
)  # fmt: skip
def test_what_a_field_that_is_an_array_costs(kernel, a, expected):
    assert loads(kernel, a) == expected


class Addresses:
    """Anota las direcciones de los accesos, contadas desde el principio de la asignación."""

    def __init__(self):
        self.seen = []

    def on_access(self, event):
        at = np.broadcast_to(event.address, event.lanes.shape) - event.array.allocation[0]
        self.seen.append((event.kind, event.size, at.reshape(-1)[:3].tolist()))


@cuda.jit
def past_the_end(a, out):
    out[0] = a[1].pos[7]


def test_the_addresses_are_those_of_the_real_compiler():
    # El PTX de a[1].pos[1] lee en [a + 24 + 4]; el de a[1].pos[7], en [a + 24 + 28].
    seen = Addresses()
    with sim.observing(seen):
        read_one[1, 32](np.zeros(32, BODY), np.zeros(32, np.float32))
        past_the_end[1, 1](np.zeros(4, BODY), np.zeros(1, np.float32))
    assert seen.seen[0] == ("load", 4, [4, 28, 52])
    assert seen.seen[2][2][0] == 24 + 28


def test_past_the_end_of_the_field_is_the_next_memory():
    a, out = np.zeros(4, BODY), np.zeros(1, np.float32)
    a["pos"][2, 1] = 8.5  # byte 48 + 4
    past_the_end[1, 1](a, out)
    assert out[0] == 8.5


@pytest.mark.parametrize(
    ("kernel", "n", "text"),
    [(past_the_end, 4, "a.pos[1, 7]"), (read_one, 31, "a.pos[31, 1]"),
     (read_column, 31, "a.pos[31, 1]")],
)  # fmt: skip
def test_memcheck_names_the_record_and_the_element(kernel, n, text):
    seen = Memcheck()
    with sim.observing(seen):
        kernel[1, 32](np.zeros(n, BODY), np.zeros(32, np.float32))
    (found,) = seen.findings
    assert found.kind == "out_of_bounds"
    assert text in found.message


@cuda.jit
def row_outside(a, out):
    i = cuda.grid(1)
    out[i] = a[i][1]


def test_memcheck_sees_a_row_outside_a_plain_array_too():
    seen = Memcheck()
    with sim.observing(seen):
        row_outside[1, 32](np.zeros((31, 3), np.float32), np.zeros(32, np.float32))
    assert [f.detail["index"] for f in seen.findings] == [[31, 1]]


@cuda.jit
def neighbours(out):
    s = cuda.shared.array(64, BODY)
    i = cuda.grid(1)
    s[i].pos[0] = i
    s[(i + 1) % 64].pos[1] = i
    out[i] = s[i].pos[0]


@cuda.jit
def racy(out):
    s = cuda.shared.array(64, BODY)
    i = cuda.grid(1)
    s[i].pos[0] = i
    s[(i + 1) % 64].pos[1] = i
    out[i] = s[i].pos[1]


@cuda.jit
def unwritten(out):
    s = cuda.shared.array(32, BODY)
    i = cuda.grid(1)
    s[i].pos[0] = i
    out[i] = s[i].pos[2]


def test_the_sanitizer_tells_the_elements_apart():
    for kernel, kinds in ((neighbours, []), (racy, ["race"])):
        seen = Racecheck()
        with sim.observing(seen):
            kernel[1, 64](np.zeros(64, np.float32))
        assert [f.kind.split("_")[0] for f in seen.findings] == kinds
    seen = Initcheck()
    with sim.observing(seen):
        unwritten[1, 32](np.zeros(32, np.float32))
    assert len(seen.findings) == 1


def test_a_record_argument_and_a_device_column():
    a, out = records(BODY), np.zeros(N, np.float32)
    one_record[1, 1](a[3], out)
    assert out[0] == a["pos"][3, 1]
    assert a["pos"][3, 2] == 7
    device = cuda.to_device(a)
    plain[3, 32](device["pos"], out)
    np.testing.assert_array_equal(out, a["pos"][:, 1])


@cuda.jit
def one_record(r, out):
    out[0] = r.pos[1]
    r.pos[2] = 7


@cuda.jit
def plain(p, out):
    i = cuda.grid(1)
    if i < out.size:
        out[i] = p[i, 1]


# ---- lo que el compilador real rechaza -----------------------------------------------------------


@cuda.jit
def from_number(a, v):
    a[0].pos = v[0]


@cuda.jit
def from_tuple(a, v):
    a[0].pos = (v[0], v[1], v[2])


@cuda.jit
def from_array(a, v):
    a[0].pos = v


@cuda.jit
def augmented(a, v):
    a[0].pos += v[0]


@cuda.jit
def unaligned(a, v):
    v[0] = a[0].pos[0]


SHIFTED = np.dtype([("k", np.int8), ("pos", np.float32, 3)])
FLAGS = np.dtype([("pos", np.bool_, 3)])


@pytest.mark.parametrize(
    ("kernel", "dtype", "text"),
    [
        (from_number, BODY, "uno por uno"),
        (from_tuple, BODY, "uno por uno"),
        (from_array, BODY, "uno por uno"),
        (augmented, BODY, "no admite arreglo"),
        (unaligned, SHIFTED, "align=True"),
        (unaligned, FLAGS, "arreglo de bool"),
    ],
)
def test_what_the_real_compiler_refuses(kernel, dtype, text):
    with pytest.raises(KernelTypeError, match=text):
        kernel[1, 1](np.zeros(2, dtype), np.zeros(3, np.float32))


def test_a_column_of_an_unaligned_type_does_compile():
    a, out = records(SHIFTED), np.zeros(N, np.float32)
    plain[3, 32](cuda.to_device(a)["pos"], out)
    np.testing.assert_array_equal(out, a["pos"][:, 1])


@cuda.jit
def unpack(a, out):
    x, y = a
    out[0] = x + y


def test_an_array_is_unpacked_if_it_has_that_many_elements():
    out = np.zeros(1, np.float32)
    unpack[1, 1](np.array([2, 3], np.float32), out)
    assert out[0] == 5
    with pytest.raises(KernelRuntimeError, match="no tiene 2 elementos"):
        unpack[1, 1](np.zeros(3, np.float32), out)


def test_a_record_with_python_objects_is_not_an_argument():
    with pytest.raises(ArgumentError, match="no se puede usar en un kernel"):
        read_one[1, 1](np.zeros(2, np.dtype([("pos", object)])), np.zeros(1, np.float32))
