"""Cada kernel del curso, compilado de verdad para seis generaciones de tarjetas."""

from __future__ import annotations

import course_kernels
import pytest
import record_kernels

from urdimbre.compiler import client, occupancy
from urdimbre.compiler.assembly import read_ptx
from urdimbre.compiler.memory_ops import double_lines
from urdimbre.compiler.recorded import recording
from urdimbre.compiler.toolchain import toolchain
from urdimbre.compiler.usage import usage

TOOLS = toolchain()

pytestmark = pytest.mark.skipif(
    not TOOLS.ready, reason=f"el compilador no está instalado: {', '.join(TOOLS.missing)}"
)

# Solución: por qué calcula en float64 aunque sus datos no lo sean. Cada fila debe usarse. Las
# variantes son otras maneras honestas de resolver: pueden hacerlo, y la comprobación las acepta.
DOUBLE_ON_PURPOSE: dict[str, str] = {}
SPILLS_ON_PURPOSE: dict[str, str] = {}


@pytest.fixture(scope="module")
def course(request):
    """Todos los kernels, y lo que el compilador respondió de cada uno."""
    kernels = course_kernels.of_exercises() + course_kernels.of_chapters(request.config.cache)
    return [(kernel, record_kernels.compiled(kernel)) for kernel in kernels]


def compiled(course, *kinds):
    return [(k, a) for k, a in course if a["compiles"] and (not kinds or k.kind in kinds)]


def test_the_course_has_kernels_of_the_three_kinds(course):
    count = {kind: sum(k.kind == kind for k, _ in course) for kind in record_kernels.KINDS}
    assert min(count.values()) >= 40, count


def test_every_kernel_compiles_for_every_capability(course):
    rejected = {k.id: a["message"][:300] for k, a in course if not a["compiles"]}
    rejected |= {k.id: a["failed"] for k, a in course if a.get("failed")}
    assert rejected == {}
    assert all(set(a["builds"]) == set(record_kernels.supported()) for _, a in course)


def test_every_launch_of_the_course_fits_in_every_card(course):
    # Un kernel puede compilar y no lanzarse: sus registros, por los hilos del bloque, no caben.
    too_big = {
        f"{kernel.id} en {cc}: {used.registers} registros, {kernel.threads} hilos"
        for kernel, answer in compiled(course)
        for cc, build in answer["builds"].items()
        if not _fits(kernel, used := usage(build["log"], build["ptx"]), cc)
    }
    assert too_big == set()


def _fits(kernel, used, cc):
    memory = used.shared_bytes + kernel.shared_bytes
    return occupancy(kernel.threads, used.registers, memory, f"{cc[0]}.{cc[1]}").blocks > 0


def test_no_solution_spills(course):
    spilled = {
        f"{kernel.id} en {cc}"
        for kernel, answer in compiled(course, "solution", "variant")
        for cc, build in answer["builds"].items()
        if usage(build["log"], build["ptx"]).spills
    }
    assert spilled == set(SPILLS_ON_PURPOSE)


def test_no_float32_solution_computes_in_float64(course):
    wide = {
        kernel.id
        for kernel, answer in compiled(course, "solution")
        if not kernel.doubles and _double_lines(kernel, answer)
    }
    assert wide == set(DOUBLE_ON_PURPOSE)


def _double_lines(kernel, answer):
    return double_lines(read_ptx(answer["builds"][8, 0]["ptx"], "", {}))


STALE = "la grabación no corresponde: python tests/compiler/record_kernels.py"


@pytest.fixture(scope="module")
def recorded():
    """La grabación, si es de este compilador."""
    if recording()["versions"] != TOOLS.versions:
        pytest.skip(f"la grabación es de {recording()['versions']}")
    return recording()["kernels"]


def test_the_recorded_resources_are_what_the_compiler_says(course, recorded):
    without = {name: {k: v for k, v in row.items() if k != "memory"} for name, row in
               recorded.items()}  # fmt: skip
    assert record_kernels.rows(course, memory=False) == without, STALE


def test_the_kernels_marked_as_one_to_one_are(course, recorded):
    if TOOLS.nvdisasm is None:
        pytest.skip("falta nvdisasm: requirements-compiler.txt")
    marked = {name for name, row in recorded.items() if row["memory"]["one_to_one"]}
    assert len(marked) >= 50
    found = {
        kernel.id: record_kernels.memory_of(kernel, answer["builds"][8, 0])
        for kernel, answer in compiled(course, *record_kernels.RECORDED)
        if kernel.id in marked
    }
    assert found == {name: recorded[name]["memory"] for name in marked}, STALE


def test_the_compiler_stops_when_asked():
    client.stop()
    assert not client._worker
