"""La tabla de escaleras nombra lo que hay en los capítulos, y cada peldaño da lo que debe."""

from __future__ import annotations

import ast
import importlib
import re
from collections import defaultdict

import numpy as np
import pytest
from card import chapters, compiling, running
from card.ladders import LADDERS, NOT_RUNGS, Rung, one

from urdimbre.backend import simulated_cuda
from urdimbre.compiler import recorded
from urdimbre.observe import profile

PAGES = sorted({ladder.chapter for ladder in LADDERS})
# Se miden en una página y se vuelven a usar, iguales, en la que sigue.
REPEATED = ("flash_warps",)
RUNGS = [(ladder, rung) for ladder in LADDERS for rung in ladder.rungs]


def label(value) -> str:
    return value.name


def named(page: str) -> set[str]:
    """Los kernels de una página que están en alguna fila."""
    rows = (r for ladder in LADDERS if ladder.chapter == page for r in ladder.rungs)
    return {step.kernel for rung in rows for step in rung.steps(64)} | {
        step.kernel for ladder in LADDERS if ladder.chapter == page
        for rung in ladder.rungs for step in rung.steps(1024)
    }  # fmt: skip


def missing(page: str, names: list[str]) -> set[str]:
    return set(names) - named(page) - {k for p, k in NOT_RUNGS if p == page}


# --- Lo que dos páginas repiten ---------------------------------------------------------------


def test_a_kernel_shown_in_two_pages_of_a_unit_is_the_same():
    seen = defaultdict(set)
    for path in sorted(chapters.path_of("intro").parent.glob("u[0-9][0-9]_*.md")):
        for node in chapters.statements(path.read_text(encoding="utf-8")):
            if isinstance(node, ast.FunctionDef) and node.name in REPEATED:
                seen[node.name].add(ast.unparse(node))
    assert {name: len(texts) for name, texts in seen.items()} == dict.fromkeys(REPEATED, 1)


# --- La tabla contra los capítulos -----------------------------------------------------------


@pytest.mark.parametrize("page", PAGES)
def test_every_kernel_of_a_ladder_page_has_a_row_or_a_reason(page):
    names = chapters.kernel_names(page)
    assert missing(page, names) == set()
    assert named(page) <= set(names)
    assert {k for p, k in NOT_RUNGS if p == page} <= set(names)
    assert not {k for p, k in NOT_RUNGS if p == page} & named(page)


def test_every_page_that_is_a_ladder_is_in_the_table():
    found = {path.stem for path in (chapters.ROOT / "book").glob("*_ladder.md")}
    assert found <= set(PAGES)


L2 = 60 << 20  # la de una H200, la mayor de las tarjetas del curso


@pytest.mark.parametrize("ladder", [x for x in LADDERS if x.limit == "memoria"], ids=label)
def test_the_cache_does_not_help_a_ladder_of_memory(ladder):
    # Entre una repetición y la siguiente no se vacía la L2: los datos no caben ni cuatro veces.
    assert ladder.moved(ladder.size) > 4 * L2


@pytest.mark.parametrize("ladder", LADDERS, ids=label)
def test_the_page_of_a_ladder_shows_its_recorded_run(ladder):
    calls = re.findall(
        r"^recorded\((.*)\)$", chapters.path_of(ladder.chapter).read_text("utf-8"), re.M
    )
    assert f'"{ladder.name}"' in ", ".join(calls).split(", ")


def test_a_kernel_without_a_row_is_noticed():
    assert missing("u04_transpose_ladder", ["copy", "transpose_swizzled"]) == {"transpose_swizzled"}


@pytest.mark.parametrize("page", PAGES)
def test_a_constant_keeps_its_value_in_the_page(page):
    # Un kernel de verdad se compila al final: vería el último valor, y el libro mostró el primero.
    seen = defaultdict(set)
    for name, value in chapters.constant_values(page):
        if name.isupper():
            seen[name].add(value)
    assert {name: values for name, values in seen.items() if len(values) > 1} == {}


def test_a_kernel_keeps_its_line_in_the_book():
    kernel = chapters.load("u04_transpose_ladder", simulated_cuda())["transpose_padded"]
    lines = chapters.path_of("u04_transpose_ladder").read_text("utf-8").splitlines()
    assert lines[kernel.definition.first_line].startswith("def transpose_padded")


def test_a_cell_with_options_and_magics_is_read(tmp_path):
    (tmp_path / "book").mkdir()
    text = (
        "# T\n\n```{code-cell} ipython3\n%load_ext urdimbre\nfrom numba import cuda, float32\n"
        "```\n\n```{code-cell} ipython3\n"
        ":tags: [hide-input]\n\nN = 2\nM = N * 3\nx = open('no')\nx[0] = 4\n"
        "y = np.zeros(N).astype(int)\n"
        "@cuda.jit\ndef f(a):\n    a[0] = M\n\ndef g():\n    @cuda.jit\n    def h(a):\n"
        "        a[0] = 1\n```\n"
    )
    chapters.path_of("u99", tmp_path).write_text(text, "utf-8")
    found = chapters.load("u99", simulated_cuda(), tmp_path)
    assert set(found) == {"N", "M", "f", "float32"}
    assert found["M"] == 6


# --- Cada peldaño, en el simulador -----------------------------------------------------------


@pytest.mark.parametrize(("ladder", "rung"), RUNGS, ids=label)
def test_a_rung_is_right_on_the_simulator(ladder, rung):
    cuda = simulated_cuda()
    kernels = running.kernels_of(ladder, cuda)
    for n in ladder.sizes_of(rung):
        assert running.error_of(ladder, rung, n, kernels, cuda)["right"], n


def test_a_wrong_rung_is_caught():
    ladder = next(each for each in LADDERS if each.name == "transpose")
    cuda = simulated_cuda()
    kernels = running.kernels_of(ladder, cuda)
    copies = one("copy", lambda n: ((3, 3), (32, 32)))
    unwritten = Rung("nada", lambda n: ())
    for wrong in (copies, unwritten):
        assert not running.error_of(ladder, wrong, 64, kernels, cuda)["right"]


@pytest.mark.parametrize("ladder", LADDERS, ids=label)
def test_the_compulsory_bytes_are_those_of_inputs_and_outputs(ladder):
    case = ladder.case(1024 if ladder.name == "attention_heads" else 64)
    size = 1024 if ladder.name == "attention_heads" else 64
    arrays = [a for a in case.args[:2] if isinstance(a, np.ndarray)]
    if ladder.name.endswith(("attention", "heads")) or ladder.name == "matmul":
        arrays = [a for a in case.args if isinstance(a, np.ndarray)]
    moved = sum(a.nbytes for a in arrays if a.size > 1 or "cub_sum" not in ladder.vendor)
    assert ladder.moved(size) == moved


# --- Cada peldaño, con el compilador de verdad -----------------------------------------------


needs_compiler = pytest.mark.skipif(
    not compiling.available(), reason="numba-cuda no está instalado"
)


@needs_compiler
@pytest.mark.parametrize(("ladder", "rung"), RUNGS, ids=label)
def test_the_real_compiler_accepts_a_rung(ladder, rung):
    assert compiling.problem(ladder, rung) == ""


@needs_compiler
@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ("b[0, 0] = a[0, 0] * 2.5 + 0.1", "hace cuentas en float64"),
        ("b[0, 0] = a.nothing", "TypingError"),
    ],
)
def test_the_real_compiler_refuses_a_bad_rung(tmp_path, monkeypatch, body, complaint):
    (tmp_path / "book").mkdir()
    text = f"```{{code-cell}} ipython3\n@cuda.jit\ndef copy(a, b):\n    {body}\n```\n"
    chapters.path_of("u99", tmp_path).write_text(text, "utf-8")
    found = chapters.load("u99", importlib.import_module("numba.cuda"), tmp_path)
    monkeypatch.setattr(running, "kernels_of", lambda *_: found)
    assert complaint in compiling.problem(LADDERS[0], LADDERS[0].rungs[0])


# --- Cada peldaño, en la tarjeta -------------------------------------------------------------


@pytest.mark.gpu
@pytest.mark.parametrize(("ladder", "rung"), RUNGS, ids=label)
def test_a_rung_is_right_on_the_card(ladder, rung):
    cuda = pytest.importorskip("numba.cuda", reason="Numba no está instalado")
    if not cuda.is_available():
        pytest.skip("no hay una GPU que Numba CUDA pueda usar")
    kernels = running.kernels_of(ladder, cuda)
    for n in ladder.sizes_of(rung):
        assert running.error_of(ladder, rung, n, kernels, cuda)["right"], n


def test_the_profile_of_a_rung_has_the_recorded_registers():
    ladder = next(each for each in LADDERS if each.name == "transpose")
    kernel = running.kernels_of(ladder, simulated_cuda())["transpose_padded"]
    args = ladder.case(64).args
    found = profile(kernel[(2, 2), (32, 32)], *args, card="A100")
    wanted = recorded.recording()["kernels"]["u04_transpose_ladder/transpose_padded"]
    assert found.registers == wanted["usages"]["8.0"][0]
    assert found.compiled.source == "recorded"
