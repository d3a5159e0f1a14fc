"""El simulador frente a NumPy: cada kernel usa una parte distinta del dialecto."""

import math
import warnings

import numpy as np
import pytest

from urdimbre import sim
from urdimbre.errors import (
    ArgumentError,
    BarrierError,
    KernelRuntimeError,
    KernelTypeError,
    LaunchError,
    LoopBudgetError,
    OutOfBoundsWarning,
    UnsupportedError,
)
from urdimbre.sim import facade as cuda

TILE = 8
TILE1 = TILE + 1
WEIGHTS = np.array([0.25, 0.5, 0.25], np.float32)


def rng(seed=0):
    return np.random.default_rng(seed)


@cuda.jit
def vector_add(a, b, out):
    i = cuda.grid(1)
    if i < out.size:
        out[i] = a[i] + b[i]


@pytest.mark.parametrize("n", [1, 31, 32, 33, 127, 128, 129, 1000])
@pytest.mark.parametrize("threads", [1, 7, 32, 100, 256])
def test_guarded_vector_add(n, threads):
    a, b = rng().normal(size=(2, n)).astype(np.float32)
    out = np.full(n, np.nan, np.float32)
    vector_add[-(-n // threads), threads](a, b, out)
    np.testing.assert_array_equal(out, a + b)


@cuda.jit
def early_return(a, out):
    i = cuda.grid(1)
    if i >= a.size:
        return
    if a[i] < 0:
        out[i] = -1.0
        return
    out[i] = math.sqrt(a[i])


def test_early_return():
    a = rng().normal(size=77).astype(np.float32)
    out = np.full(77, np.nan, np.float32)
    early_return[3, 32](a, out)
    expected = np.where(a < 0, np.float32(-1), np.sqrt(np.abs(a)))
    np.testing.assert_array_equal(out, expected)


@cuda.jit
def collatz(n, steps):
    i = cuda.grid(1)
    if i < n.size:
        x = n[i]
        count = 0
        while True:
            if x == 1:
                break
            count += 1
            if x % 2 == 0:
                x //= 2
                continue
            x = 3 * x + 1
        steps[i] = count


def test_while_break_continue():
    n = np.arange(1, 60, dtype=np.int64)
    steps = np.zeros(59, np.int64)
    collatz[2, 32](n, steps)

    def reference(x):
        k = 0
        while x != 1:
            x, k = (x // 2 if x % 2 == 0 else 3 * x + 1), k + 1
        return k

    assert steps.tolist() == [reference(int(x)) for x in n]


@cuda.jit
def loop_else(a, out):
    i = cuda.grid(1)
    if i < out.size:
        for k in range(a.size):
            if a[k] == i:
                out[i] = k
                break
        else:
            out[i] = -1


def test_for_else_with_divergent_break():
    a = np.array([3, 9, 0, 5, 3], np.int32)
    out = np.full(11, 99, np.int32)
    loop_else[1, 16](a, out)
    assert out.tolist() == [2, -1, -1, 0, -1, 3, -1, -1, -1, 1, -1]


@cuda.jit
def triangular(out):
    i = cuda.grid(1)
    total = 0
    for k in range(i, -1, -2):
        total += k
    out[i] = total


def test_range_with_a_different_start_per_lane():
    out = np.zeros(64, np.int64)
    triangular[2, 32](out)
    assert out.tolist() == [sum(range(i, -1, -2)) for i in range(64)]


@cuda.jit
def tiled_transpose(a, out):
    tile = cuda.shared.array((TILE, TILE1), np.float32)
    x = cuda.blockIdx.x * TILE + cuda.threadIdx.x
    y = cuda.blockIdx.y * TILE + cuda.threadIdx.y
    if x < a.shape[1] and y < a.shape[0]:
        tile[cuda.threadIdx.y, cuda.threadIdx.x] = a[y, x]
    cuda.syncthreads()
    x = cuda.blockIdx.y * TILE + cuda.threadIdx.x
    y = cuda.blockIdx.x * TILE + cuda.threadIdx.y
    if x < a.shape[0] and y < a.shape[1]:
        out[y, x] = tile[cuda.threadIdx.x, cuda.threadIdx.y]


@pytest.mark.parametrize("shape", [(8, 8), (1, 1), (13, 29), (33, 7)])
def test_ragged_tiled_transpose(shape):
    a = rng().normal(size=shape).astype(np.float32)
    out = np.full(shape[::-1], np.nan, np.float32)
    grid = (-(-shape[1] // TILE), -(-shape[0] // TILE))
    tiled_transpose[grid, (TILE, TILE)](a, out)
    np.testing.assert_array_equal(out, a.T)


@cuda.jit
def block_sum(a, out):
    s = cuda.shared.array(0, np.float32)
    t = cuda.threadIdx.x
    i = cuda.grid(1)
    s[t] = a[i] if i < a.size else np.float32(0)
    cuda.syncthreads()
    k = cuda.blockDim.x // 2
    while k > 0:
        if t < k:
            s[t] += s[t + k]
        cuda.syncthreads()
        k //= 2
    if t == 0:
        cuda.atomic.add(out, 0, s[0])


@pytest.mark.parametrize("chunk", [32, 256, 1 << 15])
def test_dynamic_shared_reduction(chunk):
    a = np.arange(1000, dtype=np.float32)
    out = np.zeros(1, np.float32)
    with sim.options(chunk_lanes=chunk):
        block_sum[8, 128, 0, 128 * 4](a, out)
    assert out[0] == a.sum()


@cuda.jit(device=True)
def clamp(x, low, high):
    if x < low:
        return low
    return min(x, high)


@cuda.jit(device=True)
def both(a, b):
    return a + b, a * b


@cuda.jit
def uses_device(a, out):
    i = cuda.grid(1)
    if i < a.size:
        s, p = both(clamp(a[i], -0.5, 0.5), 2.0)
        out[i] = s * p


def test_device_functions_and_tuples():
    a = rng().normal(size=50)
    out = np.zeros(50)
    uses_device[2, 32](a, out)
    c = np.clip(a, -0.5, 0.5)
    np.testing.assert_array_equal(out, (c + 2.0) * (c * 2.0))


@cuda.jit
def local_polynomial(x, out):
    i = cuda.grid(1)
    powers = cuda.local.array(4, np.float64)
    if i < x.size:
        powers[0] = 1.0
        for k in range(1, 4):
            powers[k] = powers[k - 1] * x[i]
        total = 0.0
        for k in range(4):
            total += powers[i % 4] if k == i % 4 else powers[k]
        out[i] = total


def test_local_arrays_and_constants():
    x = rng().normal(size=40)
    out = np.zeros(40)
    local_polynomial[2, 32](x, out)
    np.testing.assert_array_equal(out, ((1.0 + x) + x * x) + x * x * x)


@cuda.jit
def constant_stencil(a, out):
    i = cuda.grid(1)
    if 0 < i < a.size - 1:
        acc = np.float32(0)
        for k in range(3):
            acc += WEIGHTS[k] * a[i + k - 1]
        out[i] = acc


def test_global_array_is_a_constant():
    a = rng().normal(size=90).astype(np.float32)
    out = np.zeros(90, np.float32)
    constant_stencil[3, 32](a, out)
    expected = (0.25 * a[:-2] + 0.5 * a[1:-1] + 0.25 * a[2:]).astype(np.float32)
    np.testing.assert_allclose(out[1:-1], expected, rtol=1e-6)


@cuda.jit
def cube_index(out):
    x, y, z = cuda.grid(3)
    if x < out.shape[2] and y < out.shape[1] and z < out.shape[0]:
        out[z, y, x] = z * 10000 + y * 100 + x


def test_three_dimensional_grid():
    out = np.zeros((3, 5, 7), np.int32)
    cube_index[(2, 3, 2), (4, 2, 2)](out)
    z, y, x = np.indices(out.shape)
    np.testing.assert_array_equal(out, z * 10000 + y * 100 + x)


@cuda.jit
def rows(a, out):
    i = cuda.grid(1)
    if i < a.shape[0]:
        row = a[i]
        total = 0.0
        for x in row[1:]:
            total += x
        out[i] = total


def test_views_and_iteration():
    a = rng().normal(size=(40, 6))
    out = np.zeros(40)
    rows[2, 32](a, out)
    np.testing.assert_allclose(out, a[:, 1:].sum(1), rtol=1e-14)


# ---- Atómicas --------------------------------------------------------------------------------


@cuda.jit
def atomics(keys, hist, high, low, tickets):
    i = cuda.grid(1)
    if i < keys.size:
        cuda.atomic.add(hist, keys[i], 1)
        cuda.atomic.max(high, 0, keys[i])
        cuda.atomic.min(low, 0, keys[i])
        tickets[i] = cuda.atomic.add(hist, 8, 1)


def test_atomics():
    keys = rng().integers(0, 8, 300).astype(np.int32)
    hist = np.zeros(9, np.int32)
    high, low = np.array([-1], np.int32), np.array([99], np.int32)
    tickets = np.zeros(300, np.int32)
    atomics[10, 32](keys, hist, high, low, tickets)
    np.testing.assert_array_equal(hist[:8], np.bincount(keys, minlength=8))
    assert (high[0], low[0]) == (keys.max(), keys.min())
    assert sorted(tickets) == list(range(300)) and hist[8] == 300


@cuda.jit
def swaps(slots, out):
    i = cuda.grid(1)
    out[i] = cuda.atomic.cas(slots, i % 4, 0, i + 1)


def test_compare_and_swap_has_one_winner_per_slot():
    slots, out = np.zeros(4, np.int32), np.zeros(64, np.int32)
    swaps[2, 32](slots, out)
    assert (out == 0).sum() == 4
    assert sorted(slots % 4) == [0, 1, 2, 3]


# ---- Lo que Numba hace y su simulador no ------------------------------------------------------


@cuda.jit
def numba_semantics(o_i64, o_f64, o_i32, o_u32, a32, big, m1):
    o_i64[0] = big[0] + big[0]
    o_f64[0] = a32[0] * 2.1
    o_i64[1] = 7 // (big[0] - big[0])
    o_f64[1] = 1.0 / (a32[0] - a32[0])
    o_u32[0] = m1[0]
    o_i32[0] = 3e9 * a32[0] / a32[0]
    one = big[0] - big[0] + 1
    o_i64[2] = one << 63
    o_i64[3] = one << 64
    o_i64[4] = one << 70


def test_semantics_of_the_real_compiler():
    i64, f64 = np.zeros(5, np.int64), np.zeros(2)
    i32, u32 = np.zeros(1, np.int32), np.zeros(1, np.uint32)
    a32 = np.array([0.1], np.float32)
    numba_semantics[1, 1](i64, f64, i32, u32, a32, np.array([2**31 - 1], np.int32), np.array([-1]))
    assert i64.tolist() == [4294967294, 0, -(2**63), 0, 0]
    assert f64[0] == 0.21000000312924386 and f64[1] == math.inf
    assert i32[0] == 2147483647 and u32[0] == 4294967295


@cuda.jit
def congruential(out):
    x = cuda.grid(1)
    for _ in range(6):
        x = x * 6364136223846793005 + 1442695040888963407
    out[cuda.grid(1)] = x % 1000


def test_int64_wraps_around():
    def wrapped(i):
        x = i
        for _ in range(6):
            x = (x * 6364136223846793005 + 1442695040888963407 + 2**63) % 2**64 - 2**63
        return x % 1000

    out = np.zeros(64, np.int64)
    congruential[2, 32](out)
    assert out.tolist() == [wrapped(i) for i in range(64)]


@cuda.jit
def two_on_a_line(out):
    a = cuda.shared.array(2, np.int32)
    b = cuda.shared.array(2, np.int32)
    a[0] = 1
    b[0] = 2
    out[0] = a[0]


def test_two_shared_arrays_on_one_line_are_two():
    out = np.zeros(1, np.int32)
    two_on_a_line[1, 1](out)
    assert out[0] == 1


@cuda.jit
def retyped(out):
    x = 1
    out[0] = x / 2
    x = 2.5
    out[1] = x
    if cuda.threadIdx.x == 0:
        x = 7
    out[2] = x


def test_a_variable_may_change_type():
    out = np.zeros(3)
    retyped[1, 1](out)
    assert out.tolist() == [0.5, 2.5, 7.0]


@cuda.jit
def negative_index(a, out):
    out[0] = a[-1]
    out[-1] = a[0]


def test_negative_index_counts_from_the_end():
    a, out = np.arange(5.0), np.zeros(3)
    negative_index[1, 1](a, out)
    assert out.tolist() == [4.0, 0.0, 0.0]


# ---- Errores ---------------------------------------------------------------------------------


@cuda.jit
def off_by_one(a, out):
    i = cuda.grid(1)
    if i < out.size:
        out[i] = a[i + 1]


def test_reading_outside_warns_with_the_line_and_gives_nan():
    a, out = np.arange(32, dtype=np.float32), np.zeros(32, np.float32)
    with pytest.warns(OutOfBoundsWarning, match=r"leyó fuera de «a».*out\[i\] = a\[i \+ 1\]"):
        off_by_one[1, 32](a, out)
    np.testing.assert_array_equal(out[:31], a[1:])
    assert math.isnan(out[31])


@cuda.jit
def writes_outside(a):
    a[cuda.grid(1)] = 1.0


def test_writing_outside_is_dropped():
    a = np.zeros(10, np.float32)
    with pytest.warns(OutOfBoundsWarning, match="escribió fuera de «a»"):
        writes_outside[1, 32](a)
    assert a.tolist() == [1.0] * 10


def test_empty_arrays_are_fine():
    empty = np.zeros(0, np.float32)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        vector_add[1, 32](empty, empty, empty)


@cuda.jit
def half_barrier(out):
    if cuda.threadIdx.x < 16:
        cuda.syncthreads()
    out[cuda.threadIdx.x] = 1


def test_divergent_barrier_stops():
    with pytest.raises(BarrierError, match="solo una parte de los hilos"):
        half_barrier[1, 32](np.zeros(32))


@cuda.jit
def endless(a):
    while a[0] == 0:
        pass


def test_endless_loop_stops():
    with sim.options(loop_budget=1000), pytest.raises(LoopBudgetError, match="más de 1000 vueltas"):
        endless[1, 32](np.zeros(1))


def kernel_from(body, header="a"):
    text = "from numba import cuda\nimport numpy as np, math\nT = 4\n@cuda.jit\n"
    return sim.load_source(f"{text}def k({header}):\n    {body}\n")["k"]


REJECTED = [
    ("a[0.5] = 1", KernelTypeError, "índice debe ser entero"),
    ("a[math.floor(1.5)] = 1", KernelTypeError, r"Convierte con int\(\)"),
    ("a[0] = b", KernelTypeError, "«b» no está definido"),
    ("x = [1, 2]", UnsupportedError, "listas"),
    ("x = {1: 2}", UnsupportedError, "diccionarios"),
    ("a[0, 1] = 1", KernelTypeError, "2 índices"),
    ("return 3", KernelTypeError, "no devuelve valores"),
    ("s = cuda.shared.array(a.size, np.float32)", KernelTypeError, "entero literal"),
    ("s = cuda.shared.array(T + 1, np.float32)", KernelTypeError, "TP1 = T"),
    ("x = cuda.no_existe(1)", UnsupportedError, "no existe en numba.cuda"),
    ("x = cuda.open_ipc_array(1)", UnsupportedError, "no está en este simulador"),
    ("a[0] = 'x'", KernelTypeError, "números"),
    ("cuda.atomic.inc(a, 0, 1)", KernelTypeError, "no admite float32"),
    (
        "if a[0] > 0:\n        y = 1\n    else:\n        y = (1, 2)\n    a[0] = y",
        KernelTypeError,
        "tipo común",
    ),
    ("a[0] = math.sqrt(1, 2)", KernelTypeError, "lleva 1 argumento y"),
    ("try:\n        a[0] = 1\n    except Exception:\n        pass", UnsupportedError, "try"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "error", "words"), REJECTED, ids=[r[0][:30] for r in REJECTED])
def test_rejected_with_line_and_reason(body, error, words):
    with pytest.raises(error, match=words) as caught:
        kernel_from(body)[1, 32](np.zeros(4, np.float32))
    assert caught.value.line >= 5 and caught.value.source


BAD_LAUNCHES = [
    ((0, 32), "al menos 1"),
    ((1, 2048), "1024 hilos"),
    ((1, (1, 1, 128)), "eje z"),
    ((1.5, 32), "//"),
    (((1, 70000), 32), "65535"),
    (32, "configuración"),
]


@pytest.mark.parametrize(("config", "words"), BAD_LAUNCHES)
def test_bad_launch(config, words):
    with pytest.raises(LaunchError, match=words):
        vector_add[config]


BAD_ARGUMENTS = [
    (([1, 2], np.zeros(2), np.zeros(2)), "np.array"),
    ((np.zeros(2),), "lleva 3 argumentos"),
    ((np.array(["a"]), np.zeros(1), np.zeros(1)), "no se puede usar"),
    (({1: 2}, np.zeros(2), np.zeros(2)), "dict"),
]


@pytest.mark.parametrize(("args", "words"), BAD_ARGUMENTS)
def test_bad_arguments(args, words):
    with pytest.raises(ArgumentError, match=words):
        vector_add[1, 32](*args)


def test_none_is_an_argument_but_not_an_array():
    with pytest.raises(KernelTypeError, match="de tipo None"):
        vector_add[1, 32](None, np.zeros(2), np.zeros(2))


def test_too_much_shared_memory():
    kernel = kernel_from("s = cuda.shared.array((128, 128), np.float32)\n    s[0, 0] = 1")
    with pytest.raises(LaunchError, match="48 KiB"):
        kernel[1, 32](np.zeros(1, np.float32))


def test_raise_in_a_kernel_is_reported():
    with pytest.raises(KernelRuntimeError, match="NotImplementedError"):
        kernel_from("raise NotImplementedError()")[1, 32](np.zeros(1, np.float32))


# ---- Anfitrión -------------------------------------------------------------------------------


def test_device_arrays_round_trip_and_are_poisoned():
    a = rng().normal(size=(3, 4)).astype(np.float32)
    d = cuda.to_device(a)
    assert d.address % 256 == 0
    np.testing.assert_array_equal(d.copy_to_host(), a)
    fresh = cuda.device_array((2, 3), np.float32)
    assert np.isnan(fresh.copy_to_host()).all()
    vector_add[1, 32](d[0], d[1], fresh.reshape(6)[:4])
    np.testing.assert_array_equal(fresh.copy_to_host().reshape(-1)[:4], a[0] + a[1])


def test_column_major_arrays_keep_their_order():
    a = np.asfortranarray(rng().normal(size=(5, 9)).astype(np.float32))
    out = np.zeros((9, 5), np.float32)
    tiled_transpose[(2, 1), (TILE, TILE)](a, out)
    np.testing.assert_array_equal(out, a.T)


def test_events_and_streams_do_not_invent_time():
    start, end = cuda.event(), cuda.event()
    start.record()
    vector_add[1, 32, cuda.stream()](np.zeros(1), np.zeros(1), np.zeros(1))
    end.record()
    end.synchronize()
    with pytest.warns(UserWarning, match="no mide el tiempo"):
        assert math.isnan(cuda.event_elapsed_time(start, end))


# ---- Recorridos y funciones interiores -------------------------------------------------------


@cuda.jit
def iterations(a, out):
    size = 3
    s = cuda.local.array(size, np.float64)
    for k, x in enumerate(a, 10):
        out[0] += k * x
    for x, y in zip(a, a[1:]):
        out[1] += x * y
    for j, (k, x) in enumerate(zip(range(9, 0, -2), a)):
        out[2] += j * 100 + k * x
    for row in (1.5, 2.5):
        out[3] += row
    for j in range(size):
        s[j] = j
        out[4] += s[j]


def test_enumerate_zip_and_literal_locals():
    a, out = np.array([1.0, 2.0, 3.0, 5.0]), np.zeros(5)
    iterations[1, 1](a, out)
    expected = [
        sum(k * x for k, x in enumerate(a, 10)),
        sum(x * y for x, y in zip(a, a[1:])),
        sum(j * 100 + k * x for j, (k, x) in enumerate(zip(range(9, 0, -2), a))),
        4.0,
        3.0,
    ]
    assert out.tolist() == expected


@cuda.jit
def inner_functions(a, out):
    scale = a[0] + 1

    def scaled(x):
        if x > 2:
            return x * scale
        return -x

    twice = lambda x: scaled(x) + scaled(x)  # noqa: E731
    i = cuda.grid(1)
    out[i] = twice(a[i])


def test_inner_functions_see_the_variables_of_the_kernel():
    a, out = np.array([1.0, 2.0, 3.0, 4.0]), np.zeros(4)
    inner_functions[1, 4](a, out)
    assert out.tolist() == [-2.0, -4.0, 12.0, 16.0]


def test_an_inner_function_that_calls_itself_is_refused():
    body = "def f(x):\n        return f(x)\n    a[0] = f(1)"
    with pytest.raises(UnsupportedError, match="recursión"):
        kernel_from(body)[1, 1](np.zeros(1))
