"""Los tipos donde se juntan los caminos: casos que la inferencia real decidió de otra manera."""

import numpy as np

from urdimbre.sim import facade as cuda


@cuda.jit
def loop_else_changes_type(out):
    x = 0
    while x > 5:
        x -= 1
    else:
        x = 2.5
    out[0] = x


@cuda.jit
def break_changes_type(out, n):
    x = 1
    while n > 0:
        if n == 2:
            x = 2.5
            break
        n -= 1
    out[0] = x


@cuda.jit
def joined_tuples(out, a, b):
    if a > 1:  # noqa: SIM108  se prueba justo esto
        pair = (a, b)
    else:
        pair = (b, a)
    out[0], out[1] = pair


@cuda.jit
def dead_branch(out):
    if True:  # noqa: SIM108  se prueba justo esto
        x = np.float32(0.1)
    else:
        x = 0.1
    out[0] = x


@cuda.jit
def nan_in_extremes(x, out):
    out[0] = max(x[0], np.float32(0))
    out[1] = max(x[0], 0)
    out[2] = max(0, x[0])
    out[3] = max(x[0], x[1], x[1])


@cuda.jit
def zeros_in_extremes(x, out):
    out[0], out[1] = min(x[0], x[1]), min(x[1], x[0])
    out[2], out[3] = max(x[0], x[1]), max(x[1], x[0])


@cuda.jit
def narrow_signs(x, out):
    out[0] = -x[0]
    out[1] = ~x[0]


@cuda.jit
def integer_squares(x, out):
    out[0] = x[0] ** 2
    out[1] = x[0] ** x[1]
    out[2] = x[1] ** -1


@cuda.jit
def empty_steps(steps, out):
    t = cuda.threadIdx.x
    turns = 0
    for _ in range(0, 6, steps[t]):
        turns += 1
    out[t] = turns


def _run(kernel, out, *args, threads=1):
    kernel[1, threads](*args, out) if args else kernel[1, threads](out)
    return out.tolist()


def test_a_loop_else_decides_the_type_after_it():
    assert _run(loop_else_changes_type, np.zeros(1)) == [2.5]


def test_a_break_may_leave_with_another_type():
    out = np.zeros(1)
    break_changes_type[1, 1](out, 3)
    assert out[0] == 2.5


def test_tuples_of_two_paths_unify_item_by_item():
    out = np.zeros(2)
    joined_tuples[1, 1](out, np.int32(1), np.float32(0.5))
    assert out.tolist() == [0.5, 1.0]


def test_a_dead_branch_does_not_widen():
    assert _run(dead_branch, np.zeros(1)) == [float(np.float32(0.1))]


def test_max_drops_nan_only_between_two_floats():
    x = np.array([np.nan, 3.0], np.float32)
    found = _run(nan_in_extremes, np.zeros(4), x)
    assert [found[0], found[2]] == [0.0, 0.0]
    assert np.isnan([found[1], found[3]]).all()


def test_negative_zero_is_less_than_zero():
    found = _run(zeros_in_extremes, np.ones(4, np.float32), np.array([0.0, -0.0], np.float32))
    assert np.signbit(found).tolist() == [True, True, False, False]


def test_signs_are_computed_narrow():
    assert _run(narrow_signs, np.zeros(2, np.int64), np.array([1], np.uint8)) == [255, 254]


def test_integer_powers_pass_through_float64():
    x = np.array([(1 << 27) + 1, 2], np.int64)
    square = int(float(((1 << 27) + 1) ** 2))
    assert _run(integer_squares, np.zeros(3, np.int64), x) == [square, square, 0]


def test_a_zero_step_never_enters():
    steps = np.array([0, 1, 2, -1], np.int64)
    assert _run(empty_steps, np.zeros(4, np.int64), steps, threads=4) == [0, 6, 3, 0]


@cuda.jit
def overflowing_constants(half, small):
    half[0] = 2147483648
    small[0] = 1e30


def test_constants_overflow_in_silence(recwarn):
    half, small = np.zeros(1, np.float16), np.zeros(1, np.int32)
    overflowing_constants[1, 1](half, small)
    assert half[0] == np.inf
    assert small[0] == 2**31 - 1
    assert [w for w in recwarn if issubclass(w.category, RuntimeWarning)] == []
