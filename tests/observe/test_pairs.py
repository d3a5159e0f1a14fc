"""Kernels rotos y arreglados, en una tabla: cada uno recibe lo suyo y nada más.

Los archivos de ``pairs/`` son como un *diff*: ``-`` está solo en el roto, ``+`` solo en el
arreglado. Todos reciben ``x`` (0, 1, 2, ...) y ``out``, de 128 float32, con 2 bloques de 64 hilos.
"""

from pathlib import Path

import numpy as np
import pytest

from urdimbre import sim
from urdimbre.errors import UnsupportedError
from urdimbre.observe import sanitize

FOLDER = Path(__file__).parent / "pairs"
HEADER = """import numpy as np
from numba import cuda
@cuda.jit
def kernel(x, out):
    s = cuda.shared.array(128, np.float32)
    i, t, b, n = cuda.grid(1), cuda.threadIdx.x, cuda.blockIdx.x, x.size
"""


def read(name):
    """``(nombre, lo esperado, cuerpo)`` de cada kernel del archivo."""
    for part in (FOLDER / name).read_text("utf-8").split("## ")[1:]:
        title, _, body = part.partition("\n")
        label, _, expected = title.partition(" | ")
        yield label, frozenset(filter(None, expected.split(", "))), body.splitlines()


def build(body, marks):
    lines = [f"    {line[2:]}\n" for line in body if line[0] in marks]
    return sim.load_source(HEADER + "".join(lines))["kernel"]


def arguments():
    return np.arange(128, dtype=np.float32), np.zeros(128, np.float32)


def launch(kernel):
    return kernel[2, 64, 0, 512]


def names(finding):
    """Cómo se llama el hallazgo en los archivos."""
    detail = {"race": "hazard", "divergent_barrier": "reason"}.get(finding.kind)
    return finding.detail[detail] if detail else finding.kind


PAIRS = {
    f"{name}-{label}": (expected, body)
    for name in ("shared", "global", "barriers", "memory")
    for label, expected, body in read(f"{name}.txt")
}
CORRECT = {label: body for label, _, body in read("correct.txt")}
CLEAN = {label: build(body, " +") for label, (_, body) in PAIRS.items()}
CLEAN |= {label: build(body, " ") for label, body in CORRECT.items()}


def test_there_are_enough():
    assert len(PAIRS) >= 80 and len(CORRECT) >= 60


@pytest.mark.parametrize("label", PAIRS)
def test_the_broken_kernel_gets_exactly_its_findings(label):
    expected, body = PAIRS[label]
    found = sanitize(launch(build(body, " -")), *arguments())
    assert {names(f) for f in found} == expected, "\n".join(map(str, found))
    assert all(str(f.line) in f.message and f.source for f in found)


@pytest.mark.parametrize("label", CLEAN)
def test_a_correct_kernel_has_no_findings(label):
    found = sanitize(launch(CLEAN[label]), *arguments())
    assert found == [], "\n".join(map(str, found))


@pytest.mark.parametrize("label", CLEAN)
def test_a_correct_kernel_gives_the_same_in_any_order(label):
    """El orden de los warps no cambia el resultado: la prueba de que está bien no es sanitize."""
    seen = set()
    for seed in (None, 1, 2, 3):
        args = arguments()
        try:
            with sim.options(schedule_seed=seed):
                launch(CLEAN[label])(*args)
        except UnsupportedError:
            pytest.skip("el orden sorteado no admite esta barrera")
        seen.add(b"".join(a.tobytes() for a in args))
    assert len(seen) == 1
