"""``numba.cuda.random`` frente a la implementación del propio Numba, corrida en la CPU."""

import subprocess
import sys

import numpy as np
import pytest

from urdimbre import sim
from urdimbre.errors import ArgumentError, KernelTypeError
from urdimbre.observe import Counters
from urdimbre.sim import facade as cuda

random = cuda.random
CASES = ((37, 1, 0), (5, -12345, 3), (70, 2**63, 100))
DRAWS = 3
REFERENCE = f"""
import sys
import numpy as np
from numba.cuda import random as r
out = {{}}
for k, (n, seed, start) in enumerate({CASES}):
    states = np.empty(n, r.xoroshiro128p_dtype)
    r.init_xoroshiro128p_states_cpu(states, np.uint64(seed & (2**64 - 1)), np.uint64(start))
    out[f"first{{k}}"] = states.view(np.uint64).copy()
    for name in ("uniform_float32", "uniform_float64", "normal_float32", "normal_float64"):
        fn = getattr(r, "xoroshiro128p_" + name)
        draws = [[fn(states, i) for i in range(n)] for _ in range({DRAWS})]
        out[name + str(k)] = np.array(draws)
    out[f"last{{k}}"] = states.view(np.uint64)
np.savez(sys.argv[1], **out)
"""


@cuda.jit
def draw(states, u32, u64, n32, n64):
    i = cuda.grid(1)
    if i < states.size:
        for k in range(u32.shape[0]):
            u32[k, i] = random.xoroshiro128p_uniform_float32(states, i)
        for k in range(u32.shape[0]):
            u64[k, i] = random.xoroshiro128p_uniform_float64(states, i)
        for k in range(u32.shape[0]):
            n32[k, i] = random.xoroshiro128p_normal_float32(states, i)
        for k in range(u32.shape[0]):
            n64[k, i] = random.xoroshiro128p_normal_float64(states, i)


@pytest.fixture(scope="module")
def reference(tmp_path_factory):
    pytest.importorskip("numba.cuda.random")
    path = tmp_path_factory.mktemp("numba") / "numba.npz"
    subprocess.run([sys.executable, "-c", REFERENCE, str(path)], check=True)
    return np.load(path)


@pytest.mark.parametrize("case", range(len(CASES)))
def test_the_same_bits_as_numba(reference, case):
    n, seed, start = CASES[case]
    expected = {name[:-1]: reference[name] for name in reference if name.endswith(str(case))}
    states = random.create_xoroshiro128p_states(n, seed, subsequence_start=start)
    np.testing.assert_array_equal(states.copy_to_host().view(np.uint64), expected["first"])
    out = [np.zeros((DRAWS, n), t) for t in (np.float32, np.float64) * 2]
    draw[-(-n // 32), 32](states, *out)
    np.testing.assert_array_equal(states.copy_to_host().view(np.uint64), expected["last"])
    np.testing.assert_array_equal(out[0], expected["uniform_float32"])
    np.testing.assert_array_equal(out[1], expected["uniform_float64"])
    np.testing.assert_allclose(out[2], expected["normal_float32"], rtol=3e-6)
    np.testing.assert_allclose(out[3], expected["normal_float64"], rtol=3e-6)


def reference_state(seed, jumps):
    """El salto oficial, con enteros de Python y paso a paso."""
    word = (1 << 64) - 1
    z = (seed + 0x9E3779B97F4A7C15) & word
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & word
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & word
    a = b = z ^ (z >> 31)
    for _ in range(jumps):
        sum_a = sum_b = 0
        for mask in (0xBEAC0467EBA5FACB, 0xD86B048B86AA9922):
            for bit in range(64):
                if mask >> bit & 1:
                    sum_a, sum_b = sum_a ^ a, sum_b ^ b
                c = a ^ b
                a, b = (
                    ((a << 55 | a >> 9) ^ c ^ (c << 14)) & word,
                    (c << 36 | c >> 28) & word,
                )
        a, b = sum_a, sum_b
    return a, b


def test_the_states_are_one_jump_apart():
    states = random.create_xoroshiro128p_states(9, 7).copy_to_host()
    assert [tuple(map(int, s)) for s in states] == [reference_state(7, k) for k in range(9)]


@cuda.jit
def montecarlo(states, hits):
    i = cuda.grid(1)
    inside = 0
    for _ in range(64):
        x = random.xoroshiro128p_uniform_float32(states, i)
        y = random.xoroshiro128p_uniform_float32(states, i)
        if x * x + y * y <= 1:
            inside += 1
    cuda.atomic.add(hits, 0, inside)


def test_monte_carlo_pi_and_what_it_costs():
    hits, seen = np.zeros(1, np.int64), Counters()
    with sim.observing(seen):
        montecarlo[8, 128](random.create_xoroshiro128p_states(1024, 1), hits)
    assert abs(4 * hits[0] / (1024 * 64) - np.pi) < 4 * 1.64 / np.sqrt(1024 * 64)
    # Cada número lee y escribe s0 y s1 de 32 hilos: 16 B entre hilos, 16 sectores por petición.
    requests = 32 * 64 * 2 * 2
    assert seen.total.global_load_requests == seen.total.global_store_requests == requests
    assert seen.total.global_load_sectors == 16 * requests


def test_an_existing_array_of_states_can_be_filled_again():
    states = cuda.device_array(6, random.xoroshiro128p_dtype)
    random.init_xoroshiro128p_states(states, 5)
    other = random.create_xoroshiro128p_states(6, 5)
    np.testing.assert_array_equal(states.copy_to_host(), other.copy_to_host())


@cuda.jit
def wrong_array(a):
    a[0] = random.xoroshiro128p_uniform_float32(a, 0)


def test_what_is_refused():
    with pytest.raises(KernelTypeError, match="create_xoroshiro128p_states"):
        wrong_array[1, 1](np.zeros(1))
    with pytest.raises(ArgumentError, match="negativos"):
        random.create_xoroshiro128p_states(-1, 1)


PROGRAM = """
import urdimbre
urdimbre.enable("sim", quiet=True)
from numba import cuda
from numba.cuda.random import create_xoroshiro128p_states, xoroshiro128p_uniform_float64
from numba.cuda import libdevice, cg
import numba.cuda.random
import numpy as np
@cuda.jit
def k(states, out):
    i = cuda.grid(1)
    out[i] = xoroshiro128p_uniform_float64(states, i) + libdevice.sqrt(0.0)
out = np.zeros(4)
k[1, 4](create_xoroshiro128p_states(4, 1), out)
print(out.tolist())
"""


def test_a_program_that_imports_the_submodule(tmp_path):
    path = tmp_path / "program.py"
    path.write_text(PROGRAM, encoding="utf-8")
    done = subprocess.run([sys.executable, path], capture_output=True, text=True, check=True)
    states = random.create_xoroshiro128p_states(4, 1).copy_to_host()
    word = (1 << 64) - 1
    expected = [((int(s["s0"]) + int(s["s1"]) & word) >> 11) * 2.0**-53 for s in states]
    assert eval(done.stdout) == expected
