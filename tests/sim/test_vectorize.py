"""``vectorize`` y ``guvectorize`` con ``target="cuda"``: las reglas de Numba."""

import subprocess
import sys

import numpy as np
import pytest

from urdimbre.errors import ArgumentError
from urdimbre.sim import facade as cuda
from urdimbre.sim.host.vectorizers import guvectorize, vectorize

f4, f8 = np.float32, np.float64


@vectorize(["float32(float32, float32)", "float64(float64, float64)"], target="cuda")
def scaled(x, y):
    if x > y:
        return x * y
    return x - y


@vectorize(["int64(int64, int64)"], target="cuda")
def plus(x, y):
    return x + y


def expected(x, y):
    return np.where(x > y, x * y, x - y)


def test_it_is_applied_element_by_element():
    x, y = np.random.default_rng(0).normal(size=(2, 7, 33)).astype(f4)
    out = scaled(x, y)
    assert isinstance(out, np.ndarray) and out.dtype == f4
    np.testing.assert_array_equal(out, expected(x, y))


@pytest.mark.parametrize(
    "shapes", [((5, 1), (1, 4)), ((3, 4), (4,)), ((2, 3, 1), (5,)), ((6,), (1,))]
)
def test_it_broadcasts(shapes):
    rng = np.random.default_rng(1)
    x, y = (rng.normal(size=s) for s in shapes)
    np.testing.assert_array_equal(scaled(x, y), expected(x, y))


def test_a_number_takes_the_type_of_the_signature():
    x = np.linspace(-2, 3, 50).astype(f4)
    out = scaled(x, 0.5)
    assert out.dtype == f4
    np.testing.assert_array_equal(out, expected(x, f4(0.5)))


def test_an_array_needs_the_exact_type():
    with pytest.raises(ArgumentError, match="tipo exacto de una firma"):
        scaled(np.ones(3, f4), np.ones(3, f8))
    with pytest.raises(ArgumentError, match="difundir"):
        scaled(np.ones(3), np.ones(4))


def test_the_result_stays_where_the_data_is():
    x = cuda.to_device(np.arange(40, dtype=f8).reshape(5, 8))
    out = scaled(x, 3.0)
    assert cuda.is_cuda_array(out) and out.shape == (5, 8)
    np.testing.assert_array_equal(out.copy_to_host(), expected(x.copy_to_host(), 3.0))


def test_out_is_filled():
    x, out = np.arange(6, dtype=f8), np.zeros(6)
    assert scaled(x, 2.0, out=out) is out
    device = cuda.device_array(6, f8)
    assert scaled(x, 2.0, out=device) is device
    np.testing.assert_array_equal(out, device.copy_to_host())


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 31, 100, 257])
def test_reduce(size):
    a = np.random.default_rng(size).integers(-99, 99, size)
    assert plus.reduce(a) == a.sum()
    assert plus.reduce(cuda.to_device(a)) == a.sum()


@guvectorize(
    ["void(float64[:,:], float64[:,:], float64[:,:])"], "(m,n),(n,p)->(m,p)", target="cuda"
)
def product(a, b, out):
    for i in range(a.shape[0]):
        for j in range(b.shape[1]):
            total = 0.0
            for k in range(a.shape[1]):
                total += a[i, k] * b[k, j]
            out[i, j] = total


@guvectorize(["void(float32[:], float32, float32[:])"], "(n),()->()", target="cuda")
def scaled_sum(row, factor, out):
    total = f4(0)
    for k in range(row.shape[0]):
        total += row[k]
    out[0] = total * factor


def test_a_function_of_small_arrays():
    rng = np.random.default_rng(2)
    a, b = rng.integers(-9, 9, (6, 2, 3)).astype(f8), rng.integers(-9, 9, (6, 3, 4)).astype(f8)
    np.testing.assert_array_equal(product(a, b), a @ b)
    np.testing.assert_array_equal(product(a[0], b[0]), a[0] @ b[0])
    np.testing.assert_array_equal(product(a, b[0]), a @ b[0])


def test_an_output_without_dimensions():
    rows, factors = np.arange(12, dtype=f4).reshape(4, 3), np.array([1, 2, 3, 4], f4)
    np.testing.assert_array_equal(scaled_sum(rows, factors), rows.sum(axis=1) * factors)
    out = np.zeros(4, f4)
    assert scaled_sum(rows, factors, out) is out and out.any()


def test_the_letters_must_agree():
    with pytest.raises(ArgumentError, match="«n» mide 3 y 2"):
        product(np.ones((2, 3)), np.ones((2, 4)))
    with pytest.raises(ArgumentError, match=r"\(n\),\(n\)->\(n\)"):
        guvectorize(["void(float64[:], float64[:])"], "(n)->(q)", target="cuda")(lambda a, b: None)


@pytest.mark.parametrize("target", ["cpu", "parallel"])
def test_other_targets_need_numba(target):
    with pytest.raises(ArgumentError, match="instala Numba"):
        vectorize(["float64(float64)"], target=target)


def test_it_needs_signatures():
    with pytest.raises(ArgumentError, match="lista de firmas"):
        vectorize(target="cuda")


PROGRAM = """
import sys
{before}
import urdimbre
urdimbre.enable("sim", quiet=True)
import numpy as np
from numba import guvectorize, vectorize

@vectorize(["float32(float32, float32)"], target="cuda")
def add(x, y):
    return x + y

@guvectorize(["void(int64[:], int64[:])"], "(n)->(n)", target="cuda")
def double(a, b):
    for i in range(a.shape[0]):
        b[i] = 2 * a[i]

print(add(np.ones(3, np.float32), 2), double(np.arange(3)))
"""
WITHOUT = """
import importlib.machinery
real = importlib.machinery.PathFinder.find_spec
def find_spec(name, path=None, target=None):
    return None if name.partition(".")[0] == "numba" else real(name, path, target)
importlib.machinery.PathFinder.find_spec = staticmethod(find_spec)
"""


@pytest.mark.parametrize("before", ["", WITHOUT])
def test_the_same_program_with_and_without_numba(before, tmp_path):
    program = tmp_path / "program.py"
    program.write_text(PROGRAM.format(before=before), "utf-8")
    done = subprocess.run([sys.executable, program], capture_output=True, text=True)
    assert done.stdout.split("\n")[0] == "[3. 3. 3.] [0 2 4]", done.stderr[-800:]


def test_tuples_are_arrays_and_numbers_have_no_axis():
    assert plus((1, 2, 3), (4, 5, 6)).tolist() == [5, 7, 9]

    @guvectorize(["void(int64, int64[:], int64[:])"], "(),(n)->(n)", target="cuda")
    def times(a, b, out):
        for i in range(b.size):
            out[i] = a * b[i]

    assert times(3, (1, 2)).tolist() == [3, 6]
