"""El informe: las tres capas, la nota y las dos maneras de leerlo."""

from __future__ import annotations

import html.parser
import json
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np
import pytest

from urdimbre import sim
from urdimbre.exercises import get
from urdimbre.exercises.spec import Tolerance
from urdimbre.grading import Report, check
from urdimbre.grading.compare import _rows, mismatches
from urdimbre.grading.messages import CODES, LAYERS, OUTCOMES, text
from urdimbre.grading.report import Note, build, clamp

ROOT = Path(__file__).resolve().parents[2]

SCATTERED = """
from numba import cuda

@cuda.jit
def vector_add(a, b, out):
    i = cuda.threadIdx.x * cuda.gridDim.x + cuda.blockIdx.x
    if i < out.size:
        out[i] = a[i] + b[i]
"""


def report_of(source: str, exercise: str = "vector_add") -> Report:
    return check(exercise, sim.load_source(source)[exercise], seed=3)


def note(layer: str, code: str = "race") -> Note:
    return Note(layer, code, "Algo pasó.\nDetalle <b>")


EXERCISE = get("vector_add")


@pytest.mark.parametrize(
    ("layers", "score"),
    [((), 1.0), (("good",), 0.8), (("clean",), 0.5), (("right",), 0.0), (("right", "clean"), 0.0)],
)
def test_a_layer_counts_only_if_the_one_before_holds(layers, score):
    report = build(EXERCISE, tuple(map(note, layers)))
    assert report.score == score
    assert report.passed == (not layers)


def test_what_was_not_reached_is_pending():
    states = {layer.name: layer.status for layer in build(EXERCISE, (note("right"),)).layers}
    assert states == {"right": "failed", "clean": "pending", "good": "pending"}


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), "1", None])
def test_a_score_that_is_not_a_number_is_zero(bad):
    assert clamp(bad) == 0.0


def test_a_score_stays_between_zero_and_one():
    assert (clamp(7), clamp(-3), clamp(0.25)) == (1.0, 0.0, 0.25)


def test_the_text_quotes_counter_limit_and_reason():
    shown = str(report_of(SCATTERED))
    assert "[over_limit:global_load_sectors]" in shown
    assert "sectores leídos: " in shown and "el máximo es 256" in shown
    assert "Nota: 80 %" in shown


@pytest.mark.parametrize(
    ("said", "value"), [(True, "(a[i] - a[i]) / (b[i] - b[i])"), (False, "a[i]")]
)
def test_a_nan_nobody_expected_says_where_it_comes_from(said, value):
    shown = str(report_of(SCATTERED.replace("a[i] + b[i]", value)))
    assert "[wrong_values]" in shown
    assert ("Un nan sale de" in shown) == said


def test_the_report_survives_json():
    report = report_of(SCATTERED)
    again = Report.from_dict(json.loads(json.dumps(report.to_dict())))
    assert again == report


def test_the_html_is_well_formed_and_escapes_everything():
    report = build(EXERCISE, (note("clean"),))
    shown = report._repr_html_()
    assert "<b>" not in shown and "&lt;b&gt;" in shown
    checker = _Balanced()
    checker.feed(shown)
    assert checker.open == []


class _Balanced(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_picture_shows_one_line_per_lane_and_one_box_per_sector():
    root = ElementTree.fromstring(report_of(SCATTERED).picture)
    tags = [element.tag.rpartition("}")[2] for element in root.iter()]
    assert tags.count("line") == 32
    assert tags.count("rect") == 32 + 2 * 32
    assert "32 sectores, usa 128 de 1024 B" in root.attrib["aria-label"]


def test_the_picture_of_a_bank_conflict_stacks_the_words_of_one_bank():
    source = """
import numpy as np
from numba import cuda
TILE = 32
@cuda.jit
def transpose_tiled(a, out):
    tile = cuda.shared.array((TILE, TILE), np.float32)
    tx, ty = cuda.threadIdx.x, cuda.threadIdx.y
    c, f = cuda.grid(2)
    if f < a.shape[0] and c < a.shape[1]:
        tile[ty, tx] = a[f, c]
    cuda.syncthreads()
    row = cuda.blockIdx.x * TILE + ty
    col = cuda.blockIdx.y * TILE + tx
    if row < out.shape[0] and col < out.shape[1]:
        out[row, col] = tile[tx, ty]
"""
    root = ElementTree.fromstring(report_of(source, "transpose_tiled").picture)
    bars = [e for e in root.iter() if e.attrib.get("fill") == "#4c78a8"]
    assert "conflicto de 32 vías" in root.attrib["aria-label"]
    assert len({bar.attrib["x"] for bar in bars}) == 1
    assert len(bars) == 32


def test_mismatches_come_with_index_obtained_and_expected():
    source = SCATTERED.replace("a[i] + b[i]", "0.0")
    message = report_of(source).findings[0].message
    assert "out[0]" in message and "obtenido" in message and "esperado" in message


NO_CORRECTION = """
import math
import numpy as np
from numba import cuda
HEAD = 16

@cuda.jit
def flash_attention_forward(q, k, v, scale, out, lse):
    i = cuda.grid(1)
    if i < q.shape[0]:
        acc = cuda.local.array(HEAD, np.float32)
        for c in range(HEAD):
            acc[c] = np.float32(0)
        m = np.float32(-np.inf)
        total = np.float32(0)
        for j in range(k.shape[0]):
            s = np.float32(0)
            for c in range(HEAD):
                s += q[i, c] * k[j, c] * scale
            m_new = max(m, s)
            p = math.exp(s - m_new)
            total = total * math.exp(m - m_new) + p
            for c in range(HEAD):
                acc[c] += p * v[j, c]
            m = m_new
        for c in range(HEAD):
            out[i, c] = acc[c] / total
        lse[i] = m + math.log(total)
"""


def test_an_output_that_is_right_is_named_beside_the_wrong_one():
    (note,) = report_of(NO_CORRECTION, "flash_attention_forward").findings
    assert "elementos de «out»" in note.message and "«lse» sí coincide." in note.message
    right_too = report_of(SCATTERED.replace("+ b[i]", "- b[i]")).findings[0].message
    assert "coincide." not in right_too


def test_the_expected_value_is_shown_in_the_type_of_the_output():
    rows = _rows("y", *np.asarray([[True], [False]]), np.zeros(1, np.float32), np.asarray([1e-300]))
    assert rows[1].split() == ["y[0]", "0", "0"]


def test_at_most_five_mismatches_are_listed():
    message = report_of(SCATTERED.replace("+ b[i]", "- b[i]")).findings[0].message
    assert message.count("out[") <= 5


def test_the_writer_of_the_first_wrong_element_is_named():
    source = SCATTERED.replace(
        "cuda.threadIdx.x * cuda.gridDim.x + cuda.blockIdx.x", "cuda.grid(1)"
    )
    message = report_of(source.replace("a[i] + b[i]", "a[i]")).findings[0].message
    assert "El elemento out[0] lo escribe el hilo 0 del bloque 0, línea 8." in message


def test_several_writers_of_one_element_are_counted():
    source = SCATTERED.replace(
        "cuda.threadIdx.x * cuda.gridDim.x + cuda.blockIdx.x", "cuda.grid(1)"
    )
    source = source.replace("out[i] = a[i] + b[i]", "out[i // 2] = a[i] + b[i]")
    message = report_of(source).findings[0].message
    assert "En el elemento out[0] escriben 2 hilos distintos; el último, el hilo 1 " in message


def test_a_race_is_shown_with_the_warps_in_another_order():
    path = ROOT / "tests/mutants/u04_shared_memory/block_reverse/missing_barrier.py"
    report = report_of(path.read_text("utf-8"), "block_reverse")
    assert report.codes == ("race",)
    assert len(report.advice) == 1
    assert "Con los warps en otro orden" in report.advice[0]
    assert "en lugar de" in report.advice[0]


NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("got", "expected", "differs"),
    [
        (NAN, NAN, False),
        (NAN, 1.0, True),
        (1.0, NAN, True),
        (INF, INF, False),
        (INF, -INF, True),
        (1e30, INF, True),
        (1.0, 1.05, False),
        (1.0, 1.2, True),
        (-0.0, 0.0, False),
    ],
)
def test_tolerance_never_excuses_nan_or_infinity(got, expected, differs):
    wrong = mismatches(np.array([got], np.float32), np.array([expected]), Tolerance(atol=0.1))
    assert wrong.tolist() == [differs]


def test_every_text_is_a_sentence_in_the_table():
    told_by_each_finding = {"out_of_bounds", "misaligned", "uninitialized", "race"}
    told_by_each_finding |= {"divergent_barrier"}
    for code, (what, look) in CODES.items():
        assert what.endswith("."), code
        assert look.endswith(".") != (code in told_by_each_finding), code
        assert "!" not in what + look
    assert text("over_limit:branches") is CODES["over_limit"]
    assert text("over_limit:bank_conflicts") is not CODES["over_limit"]
    assert set(LAYERS) == {"right", "clean", "good"}
    assert set(OUTCOMES) == {
        "passed",
        "failed",
        "timeout",
        "crash",
        "invalid",
        "missing",
        "grader_error",
    }


def plain_function(a, b, out):
    out[0] = a[0] + b[0]


@pytest.mark.parametrize("thing", [None, 3, "vector_add", plain_function, object()])
def test_what_is_not_a_kernel_is_explained(thing):
    report = check("vector_add", thing)
    assert report.codes == ("not_a_kernel",)
    assert report.score == 0.0


def test_a_configured_launch_stands_for_its_kernel():
    kernel = sim.load_source(SCATTERED)["vector_add"]
    assert check("vector_add", kernel[1, 32]).codes == check("vector_add", kernel).codes


def test_a_function_exercise_rejects_a_kernel():
    kernel = sim.load_source(SCATTERED)["vector_add"]
    assert check("launch_config", kernel).codes == ("not_a_function",)


def test_printing_does_not_change_the_verdict(capsys):
    source = SCATTERED.replace("    if", "    print(i)\n    if").replace(
        "cuda.threadIdx.x * cuda.gridDim.x + cuda.blockIdx.x", "cuda.grid(1)"
    )
    assert report_of(source).passed
    assert capsys.readouterr().out == ""


def test_a_remark_is_made_once_for_all_cases():
    source = SCATTERED.replace(
        "cuda.threadIdx.x * cuda.gridDim.x + cuda.blockIdx.x", "min(cuda.grid(1), out.size - 1)"
    )
    report = report_of(source)
    assert len(report.advice) == 1
    assert "Escriben el mismo valor" in report.advice[0]
    assert report.codes == ("over_limit:same_value_writers",)
    assert re.search(r"monospace[^>]*>\s+\d+ \| out\[", report._repr_html_())


def test_a_function_is_not_told_to_look_for_a_thread():
    def launch_config(n, max_threads):
        return 1, max_threads

    found = check("launch_config", launch_config, seed=3)
    assert found.codes == ("wrong_values",) and "hilo" not in str(found)
