"""Lo que lee quien se equivocó: con qué datos, en qué línea y qué mirar."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from urdimbre import sim
from urdimbre.errors import ExerciseError
from urdimbre.exercises import get
from urdimbre.exercises.spec import Case
from urdimbre.grading import check
from urdimbre.grading.compare import conditions
from urdimbre.grading.report import TERMINAL

ROOT = Path(__file__).resolve().parents[2]
HEAD = "import math\nimport numpy as np\nfrom numba import cuda\n\n"


def mutant(exercise: str, name: str):
    path = ROOT / "tests/mutants" / get(exercise).unit / exercise / f"{name}.py"
    return report_of(exercise, path.read_text("utf-8"))


def report_of(exercise: str, source: str):
    names = sim.load_source(source)
    return check(exercise, *(names[symbol] for symbol in get(exercise).symbols), seed=7)


def vector_add(body: str) -> str:
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return f"{HEAD}@cuda.jit\ndef vector_add(a, b, out):\n{lines}"


def lines_of(report) -> list[str]:
    return [" ".join(line.split()) for line in report.findings[0].message.splitlines()]


READS_NEXT = """\
i = cuda.grid(1)
if i < out.size:
    out[i] = a[(i + 1) % a.size] + b[i]
"""


def test_the_report_of_wrong_values_shows_what_the_writing_thread_read():
    lines = lines_of(report_of("vector_add", vector_add(READS_NEXT)))
    assert lines[2] == "Con «a» de 31, «b» de 31, malla 1 y bloque 64."
    table = lines.index("leído por ese hilo valor")
    assert lines[table - 1] == "El elemento out[0] lo escribe el hilo 0 del bloque 0, línea 9."
    names = [row.split()[0] for row in lines[table + 1 : table + 3]]
    assert names == ["a[1]", "b[0]"]


def test_the_values_read_explain_the_value_obtained():
    lines = lines_of(report_of("vector_add", vector_add(READS_NEXT)))
    table = lines.index("leído por ese hilo valor")
    a, b = (float(row.split()[1]) for row in lines[table + 1 : table + 3])
    obtained = float(lines[4].split()[1])
    assert a + b == pytest.approx(obtained, abs=1e-4)


def test_a_thread_that_reads_no_input_is_told_so():
    source = vector_add("i = cuda.grid(1)\nif i < out.size:\n    out[i] = i")
    message = report_of("vector_add", source).findings[0].message
    assert "ese hilo no leyó ningún arreglo." in message


def test_a_thread_that_reads_shared_memory_is_not_said_to_read_only_the_inputs():
    message = mutant("matmul_transposed_b", "block_of_rows").findings[0].message
    assert "Lo demás lo tomó de la memoria compartida." in message


FIVE_OF_B = """\
i = cuda.grid(1)
if out.size == 1:
    if i == 0:
        out[i] = a[i] + b[i]
elif i < out.size:
    out[i] = a[i] + b[0] + b[1] + b[2] + b[3] + b[4]
"""


def test_few_elements_of_each_array_are_shown():
    lines = lines_of(report_of("vector_add", vector_add(FIVE_OF_B)))
    shown = [x for x in lines if x.startswith("b[")]
    assert [x[:4] for x in shown] == ["b[0]", "b[1]", "b[2]", "b[…]"]
    assert shown[-1] == "b[…] y 2 más"


def test_the_conditions_give_shapes_numbers_and_the_launch():
    args = (np.zeros((3, 5), np.float32), np.float32(0.25), np.zeros(4, np.float32))
    case = Case("x", args, grid=(2, 1), block=(8, 4), outputs=(2,))
    said = conditions(case, ("a", "scale", "out"))
    assert said == "Con «a» de 3 × 5, scale = 0.25, malla (2, 1) y bloque (8, 4)."


def test_the_excerpt_is_in_the_html_with_fixed_width():
    shown = report_of("vector_add", vector_add(READS_NEXT))._repr_html_()
    assert "Con «a» de 31" in shown
    table = shown.partition("leído por ese hilo")[0].rpartition("<div")[2]
    assert "monospace" in table and "overflow-x:auto" in table


def test_two_outputs_wrong_for_one_reason_are_told_once():
    report = mutant("attention_naive", "softmax_over_columns")
    (note,) = report.findings
    assert "2142 de 2159 elementos de «p» no coinciden." in note.message
    assert "Además, 272 de 272 elementos de «out» no coinciden." in note.message


def test_a_race_gives_its_own_advice_and_nothing_generic():
    report = mutant("argmax_atomic", "no_barrier_after_start")
    assert report.codes == ("race",)
    *_, advice, first, second = report.findings[0].message.splitlines()
    assert advice.endswith("Pon cuda.syncthreads() entre la línea 17 y la 23.")
    assert first.lstrip().startswith("17 |") and second.lstrip().startswith("23 |")


def test_wrong_and_unclean_says_at_once_where_to_start():
    report = mutant("histogram_shared", "plain_merge")
    assert report.codes == ("wrong_values", "race")
    assert report.findings[0].message.splitlines()[-1].startswith("Empieza por lo que responde")
    assert "Haz a mano" not in report.findings[0].message
    assert report.advice == ()


def test_where_to_start_is_said_once():
    report = mutant("thread_ids", "slot_is_thread")
    assert report.codes == ("wrong_values", "unwritten_output", "race")
    assert str(report).count("Empieza por lo que responde") == 1
    assert "Pregúntate" not in str(report)


@pytest.mark.parametrize(
    ("exercise", "name"),
    [
        ("histogram_shared", "plain_merge"),
        ("softmax_online", "barrier_too_early"),
        ("block_reverse", "missing_store_guard"),
        ("debug_float64_literal", "as_given"),
        ("global_index_1d", "guard_too_strict"),
    ],
)
def test_the_prose_of_a_report_fits_in_a_terminal(exercise, name):
    prose = [x for x in str(mutant(exercise, name)).splitlines() if "|" not in x]
    assert max(map(len, prose)) <= TERMINAL


LEFT_NEIGHBOUR = """\
i = cuda.grid(1)
if i < out.size:
    out[i] = a[i - 1] + b[i]
"""


def test_a_negative_index_is_named_when_the_result_is_wrong():
    report = report_of("vector_add", vector_add(LEFT_NEIGHBOUR))
    assert report.codes == ("wrong_values",)
    (remark,) = report.advice
    assert remark.startswith("Línea 9: un índice de «a» es negativo.")
    assert "El hilo 0 del bloque 0 usa a[-1], que no es un error" in remark
    assert "en realidad lee a[30]." in remark
    assert remark.endswith("| out[i] = a[i - 1] + b[i]")


def test_a_negative_index_that_gives_the_right_result_is_not_a_remark():
    source = vector_add(LEFT_NEIGHBOUR.replace("a[i - 1]", "a[i - a.size]"))
    report = report_of("vector_add", source)
    assert report.passed and report.advice == ()


def test_a_division_by_an_integer_is_float64_with_its_line():
    report = mutant("debug_float64_literal", "halves_at_the_end")
    assert report.codes == ("over_limit:double_operations",)
    message = report.findings[0].message
    assert "operaciones en float64: 1024; el máximo es 0." in message
    assert "Línea 12: calcula en float64 a partir de un float32 y una constante" in message
    assert "| out[i] = twice / 2" in message


def test_shared_memory_that_changes_nothing_is_seen():
    report = mutant("block_reverse", "decorative_tile")
    assert report.codes == ("unused_shared",) and report.score == 0.8


def test_shared_memory_that_matters_is_left_alone():
    source = (ROOT / "solutions/u04_shared_memory/block_reverse.py").read_text("utf-8")
    assert report_of("block_reverse", source).passed


def test_a_clamped_index_is_not_a_guard():
    report = mutant("vector_add", "clamped_index")
    assert report.codes == ("over_limit:same_value_writers",)
    assert "escritura de otro: 119; el máximo es 0." in report.findings[0].message


def test_a_kernel_that_does_not_compile_names_the_line_and_no_case():
    source = vector_add("i = cuda.grid(1)\nif i < n:\n    out[i] = a[i] + b[i]")
    lines = report_of("vector_add", source).findings[0].message.splitlines()
    assert lines[1].startswith("Línea 8: El nombre «n» no está definido")


def test_an_endless_loop_says_only_what_a_student_can_change():
    source = vector_add("i = cuda.grid(1)\nwhile i < out.size:\n    out[i] = a[i] + b[i]")
    message = report_of("vector_add", source).findings[0].message
    assert "Línea 8: El ciclo dio 10000 vueltas" in message
    assert "sim.options" not in message


def test_the_reads_are_known_also_after_thousands_of_accesses():
    message = mutant("attention_gqa", "interleaved_heads").findings[0].message
    assert "El elemento out[0, 1, 0, 0] lo escribe el hilo 0 del bloque (x=0, y=1)" in message
    assert "\nk[0, 1, 0, 0] " in message  # la cabeza 1 usa las claves de la 1, y no de la 0


def test_an_accumulated_element_nobody_writes_is_said_to_be_untouched():
    message = mutant("debug_lost_update", "wrong_slot").findings[0].message
    assert "Ningún hilo escribe el elemento count[0]" in message


@pytest.mark.parametrize(
    ("exercise", "name", "matrix"),
    [("global_index_1d", "guard_too_strict", False), ("outer_product", "rows_from_x", True)],
)
def test_rows_and_columns_are_named_only_if_the_output_has_them(exercise, name, matrix):
    report = mutant(exercise, name)
    assert report.codes == ("unwritten_output",)
    assert ("la fila y la columna" in report.findings[0].message) == matrix


def test_one_right_element_is_said_in_the_singular():
    message = mutant("soa_particles", "guard_by_particles").findings[0].message
    assert "El primer elemento está bien y los demás no." in message


def test_the_feedback_page_of_nbgrader_keeps_the_tables_aligned():
    verdicts = pytest.importorskip("urdimbre.grading.nbgrader.verdicts")
    report = report_of("vector_add", vector_add(READS_NEXT))
    shown = verdicts.layers({"report": report.to_dict()})[0]["findings"][0]["details"]
    assert "monospace" in shown.partition("leído por ese hilo")[0].rpartition("<div")[2]


def test_what_another_kernel_left_is_shown_among_the_reads():
    message = mutant("scan_grid", "offset_of_own_block").findings[0].message
    assert "\nout[64] " in message and "\noffsets[1] " in message


def test_a_function_that_returns_one_number_is_told_how_many_are_asked():
    def launch_config(n, max_threads):
        return n

    message = check("launch_config", launch_config, seed=3).findings[0].message
    assert "devolvió un «int»; se piden 2 enteros." in message


def test_a_check_of_nothing_says_what_to_pass():
    with pytest.raises(ExerciseError, match=r'check\("vector_add", vector_add\)'):
        check("vector_add")


def test_swapped_arguments_are_explained():
    kernel = sim.load_source(vector_add(READS_NEXT))["vector_add"]
    with pytest.raises(ExerciseError, match="Primero va el identificador del ejercicio"):
        check(kernel, "vector_add")
