"""El juez: otro proceso, todos los desenlaces, y las trampas que no le hacen efecto."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest

from urdimbre.errors import ExerciseError
from urdimbre.grading import judge
from urdimbre.grading.judge import _verdict
from urdimbre.grading.process import Completed

ROOT = Path(__file__).resolve().parents[2]
VECTOR_ADD = (ROOT / "solutions/u02_first_kernels/vector_add.py").read_text("utf-8")
LAUNCH_CONFIG = (ROOT / "solutions/u01_execution_model/launch_config.py").read_text("utf-8")
PLAIN = VECTOR_ADD.replace("@cuda.jit\n", "") + "\n\n"
WRONG = VECTOR_ADD.replace("+", "-")
SLOW = VECTOR_ADD.replace(
    "    i = cuda.grid(1)",
    "    i = cuda.grid(1)\n"
    "    for j in range(9000):\n"
    "        for k in range(9000):\n"
    "            out[0] = 1.0",
)


def codes(verdict) -> list[str]:
    return [finding["code"] for finding in verdict.report["findings"]]


def test_a_good_kernel_gets_full_marks_and_a_json_report():
    verdict = judge("vector_add", VECTOR_ADD)
    assert (verdict.outcome, verdict.score) == ("passed", 1.0)
    assert json.loads(json.dumps(verdict.to_dict()))["report"]["passed"] is True


@pytest.mark.parametrize(
    "source",
    [
        VECTOR_ADD.replace("from numba import cuda\n", ""),
        "import numba\n" + VECTOR_ADD.replace("@cuda.jit", "@numba.cuda.jit"),
        VECTOR_ADD.replace("@cuda.jit", "@cuda.jit(fastmath=True)").replace("\n", "\r\n"),
        "\ufeff" + VECTOR_ADD.replace("    ", "\t"),
        PLAIN + "vector_add = cuda.jit(vector_add)\n",
        PLAIN.replace("vector_add", "f")
        + "vector_add = cuda.jit('void(f4[:], f4[:], f4[:])')(f)\n",
    ],
    ids=[
        "importado en otra celda",
        "numba.cuda.jit",
        "opciones y fin de línea",
        "BOM y tabs",
        "cuda.jit como función",
        "cuda.jit con firma, como función",
    ],
)
def test_honest_ways_to_write_the_cell_get_full_marks(source):
    assert judge("vector_add", source).outcome == "passed"


def test_top_level_code_never_runs(tmp_path):
    trap = tmp_path / "corrió"
    source = f"open({str(trap)!r}, 'w').close()\nimport os\nos._exit(0)\n{VECTOR_ADD}"
    assert judge("vector_add", source).outcome == "passed"
    assert not trap.exists()


def test_patching_the_grader_does_not_help():
    source = (
        "import numpy, urdimbre.grading.compare as c\n"
        "numpy.allclose = lambda *a, **k: True\n"
        "c.outputs = lambda *a: []\n"
        "get_ipython().input_transformers_post.append(lambda lines: ['5'])\n" + WRONG
    )
    verdict = judge("vector_add", source)
    assert (verdict.outcome, verdict.score) == ("failed", 0.0)
    assert codes(verdict) == ["wrong_values"]


def test_a_kernel_that_takes_too_long_times_out():
    verdict = judge("vector_add", VECTOR_ADD, timeout=0.05)
    assert (verdict.outcome, verdict.score) == ("timeout", 0.0)
    assert verdict.report is None


def test_nested_loops_share_one_budget():
    verdict = judge("vector_add", SLOW)
    assert (verdict.outcome, codes(verdict)) == ("failed", ["loop_budget"])


def test_an_enormous_local_array_cannot_be_launched():
    source = VECTOR_ADD.replace(
        "    i = cuda.grid(1)", "    z = cuda.local.array(1 << 40, 'float64')\n    i = cuda.grid(1)"
    ).replace("1 << 40", str(2**40))
    verdict = judge("vector_add", source)
    assert (verdict.outcome, codes(verdict)) == ("failed", ["launch_error"])


@pytest.mark.parametrize(
    ("source", "outcome", "words"),
    [
        ("def vector_add(a, b, out:\n    pass\n", "invalid", "Línea 1"),
        ("%%time\n" + VECTOR_ADD, "invalid", "comandos de Jupyter"),
        ("x = " + "-" * 100_000 + "1\n" + VECTOR_ADD, "invalid", "anidados"),
        ("", "missing", "La celda está vacía. Se esperaba un kernel llamado «vector_add»"),
        (PLAIN, "missing", "Línea 4: a «vector_add» le falta @cuda.jit encima"),
        (
            VECTOR_ADD.replace("cuda.jit", "cuda.git"),
            "missing",
            "Línea 4: encima de «vector_add» dice «@cuda.git», y debe decir «@cuda.jit»",
        ),
        (
            VECTOR_ADD.replace("vector_add", "vectoradd"),
            "missing",
            "Línea 5: hay «vectoradd», pero no «vector_add»",
        ),
        (
            "class A:\n" + textwrap.indent(VECTOR_ADD, "    "),
            "missing",
            "Línea 6: «vector_add» está dentro de otra cosa",
        ),
        (VECTOR_ADD.replace("out.size:", "out.size && i >= 0:"), "invalid", "escribe «and»"),
        (VECTOR_ADD.replace("    if", "    i++\n    if"), "invalid", "usa «+= 1»"),
        ("__global__ void vector_add(float *a) {\n}\n", "invalid", "C o C++"),
        ("#" * 300_000, "invalid", "demasiado largo"),
    ],
    ids=[
        "sintaxis",
        "magia",
        "anidado",
        "vacío",
        "sin decorador",
        "otro decorador",
        "otro nombre",
        "dentro de una clase",
        "&&",
        "++",
        "C",
        "enorme",
    ],
)
def test_what_cannot_be_graded_says_why(source, outcome, words):
    verdict = judge("vector_add", source)
    assert (verdict.outcome, verdict.score) == (outcome, 0.0)
    assert words in verdict.message


def test_a_good_function_passes_in_its_own_process():
    assert judge("launch_config", "print('hola')\n" + LAUNCH_CONFIG).outcome == "passed"


FORGED = """
class Same(int):
    def __eq__(self, other):
        return True
    __hash__ = None

def launch_config(n, max_threads):
    return Same(1), Same(32)
"""


@pytest.mark.parametrize(
    ("body", "outcome", "code"),
    [
        (FORGED, "failed", "wrong_type"),
        ("def launch_config(n, max_threads):\n    return 1 / 0\n", "failed", "runtime_error"),
        (
            "import sys\nsys.exit(0)\ndef launch_config(n, m):\n    pass\n",
            "failed",
            "runtime_error",
        ),
        ("import sys\ndef launch_config(n, m):\n    sys.exit(0)\n", "failed", "runtime_error"),
        ("def launch_config(n, m):\n    return 10**5000, 32\n", "failed", "wrong_type"),
        ("import os\ndef launch_config(n, m):\n    os._exit(0)\n", "crash", None),
        ("import os\ndef launch_config(n, m):\n    os.abort()\n", "crash", None),
    ],
    ids=[
        "objeto igual a todo",
        "excepción",
        "sys.exit al leerla",
        "sys.exit",
        "entero enorme",
        "os._exit",
        "abort",
    ],
)
def test_a_hostile_function_only_hurts_itself(body, outcome, code):
    verdict = judge("launch_config", body)
    assert (verdict.outcome, verdict.score) == (outcome, 0.0)
    assert codes(verdict) == [code] if code else verdict.report is None


COPIES = {
    "importa los ejercicios": "    from urdimbre.exercises import u01_execution_model as m\n",
    "con importlib": (
        "    import importlib\n"
        "    m = importlib.import_module('urdimbre.exercises.u01_execution_model')\n"
    ),
    "sys.modules": (
        "    import sys\n    m = sys.modules['urdimbre.exercises.u01_execution_model']\n"
    ),
    "gc": (
        "    import gc\n"
        "    m = next(o for o in gc.get_objects() if hasattr(o, '_launch_expected'))\n"
    ),
    "cambia la cerca": (
        "    import os\n"
        "    from urdimbre.isolated import fence\n"
        "    fence.FORBIDDEN, fence.SECRET, os.sep = (), (), ''\n"
        "    fence.str = fence.type = fence.PermissionError = lambda *a: None\n"
        "    from urdimbre.exercises import u01_execution_model as m\n"
    ),
}


@pytest.mark.parametrize("how", COPIES.values(), ids=COPIES)
def test_a_function_cannot_copy_what_is_expected(how):
    source = f"def launch_config(n, max_threads):\n{how}"
    source += "    return m._launch_expected(n, max_threads)\n"
    verdict = judge("launch_config", source)
    assert (verdict.score, codes(verdict)) == (0.0, ["runtime_error"])


FORBIDDEN = {
    "escribe un archivo": "open({folder!r} + '/x', 'w')",
    "lee un archivo": "open({folder!r} + '/hay')",
    "lee con os.open": "__import__('os').open({folder!r} + '/hay', 0)",
    "lanza un proceso": "__import__('subprocess').run(['true'])",
    "se divide": "__import__('os').fork()",
    "mata a quien corrige": "__import__('os').kill(__import__('os').getppid(), 9)",
    "usa la red": "__import__('socket').create_connection(('127.0.0.1', 9), 1)",
    "carga código de máquina": "__import__('ctypes').CDLL(None)",
}


@pytest.mark.parametrize("action", FORBIDDEN.values(), ids=FORBIDDEN)
def test_a_function_only_computes(action, tmp_path):
    (tmp_path / "hay").write_text("secreto", encoding="utf-8")
    body = action.format(folder=str(tmp_path))
    source = LAUNCH_CONFIG.replace("    warps =", f"    {body}\n    warps =", 1)
    verdict = judge("launch_config", source)
    assert codes(verdict) == ["runtime_error"]
    assert "solo calcula" in verdict.report["findings"][0]["message"]
    assert not (tmp_path / "x").exists()


def test_a_function_may_import_the_standard_library():
    imports = "import decimal, fractions, functools, statistics, numpy.linalg, typing\n"
    assert judge("launch_config", imports + LAUNCH_CONFIG).outcome == "passed"


def test_an_endless_function_times_out():
    source = "def launch_config(n, max_threads):\n    while True:\n        pass\n"
    assert judge("launch_config", source, timeout=4).outcome == "timeout"


def test_the_student_process_never_sees_the_expected_values():
    """Escribir respuestas falsas en la salida estándar no llega al juez."""
    source = (
        "import json\n"
        "def launch_config(n, max_threads):\n"
        "    print(json.dumps({'answers': [['ints', [1, 32]]] * 13}))\n"
        "    return 0, 0\n"
    )
    verdict = judge("launch_config", source)
    assert codes(verdict) == ["wrong_values"]


def test_the_same_seed_gives_the_same_verdict():
    one, two = judge("vector_add", WRONG, seed=4), judge("vector_add", WRONG, seed=4)
    assert one.report == two.report


def test_fresh_seeds_give_different_inputs():
    one, two = judge("vector_add", WRONG), judge("vector_add", WRONG)
    assert one.report["findings"] != two.report["findings"]


def test_an_unknown_exercise_is_an_error_before_any_process():
    with pytest.raises(ExerciseError):
        judge("no_existe", VECTOR_ADD)


GOOD = {
    "outcome": "passed",
    "message": "",
    "score": 1.0,
    "report": {
        "exercise": "vector_add",
        "title": "",
        "findings": [],
        "cases": 1,
        "advice": [],
        "picture": "",
        "layers": [{"name": "right", "status": "ok", "weight": 1.0}],
    },
}


@pytest.mark.parametrize(
    ("output", "code", "outcome", "score"),
    [
        (json.dumps(GOOD), 0, "passed", 1.0),
        ("", 0, "grader_error", 0.0),
        ("", 1, "grader_error", 0.0),
        ("10", 0, "grader_error", 0.0),
        ("{}", 0, "grader_error", 0.0),
        (json.dumps(GOOD | {"outcome": "perfecto"}), 0, "grader_error", 0.0),
        (json.dumps(GOOD | {"report": None}), 0, "grader_error", 0.0),
        (json.dumps(GOOD | {"outcome": "failed"}), 0, "grader_error", 0.0),
        (json.dumps(GOOD).replace('"weight": 1.0', '"weight": NaN'), 0, "grader_error", 0.0),
        (json.dumps(GOOD).replace('"weight": 1.0', '"weight": 900'), 0, "passed", 1.0),
        ("", -9, "crash", 0.0),
        ("", None, "timeout", 0.0),
    ],
)
def test_no_report_is_never_full_marks(output, code, outcome, score):
    verdict = _verdict("vector_add", Completed(code, output, ""), 60, 0.1)
    assert (verdict.outcome, verdict.score) == (outcome, score)


def test_a_function_may_use_what_the_notebook_imported():
    source = "from numba import cuda\n" + LAUNCH_CONFIG.replace("min(", "np.minimum(")
    assert judge("launch_config", source).outcome == "passed"


def test_a_function_may_be_a_lambda():
    source = (
        "warps = lambda n, m: min(m // 32, (n + 31) // 32)\n"
        "launch_config = lambda n, m: (-(-n // (32 * warps(n, m))), 32 * warps(n, m))\n"
    )
    assert judge("launch_config", source).outcome == "passed"


def test_grading_needs_python_and_numpy_only():
    heavy = ("numba", "cupy", "IPython", "matplotlib", "nbgrader")
    code = f"import sys, urdimbre.grading; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "[]", done.stderr


@pytest.mark.skipif(not hasattr(np, "unstack"), reason="antes de la 2.1, NumPy va envuelto")
def test_grading_a_kernel_does_not_load_every_corner_of_numpy():
    """Cargar ``f2py`` y compañía tardaría más que corregir el ejercicio."""
    request = {"exercise": "vector_add", "source": VECTOR_ADD, "seed": 1, "timeout": 60}
    code = (
        "import sys\n"
        "from urdimbre.grading.worker import verdict\n"
        f"assert verdict({request})['outcome'] == 'passed'\n"
        "print([m for m in ('numpy.f2py', 'numpy.testing') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "[]", done.stderr


def test_asking_for_a_verdict_does_not_load_the_simulator():
    """El simulador lo carga el otro proceso, el que corrige."""
    code = (
        "import sys, urdimbre.grading.files\n"
        "print([m for m in sys.modules if m.startswith(('urdimbre.sim', 'urdimbre.observe'))])\n"
        "from urdimbre.grading import check\n"
        "print(check.__module__)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == ["[]", "urdimbre.grading.checks"], done.stderr


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("    blocks = 1\n    return blocks, threads\n", "Línea 3: el nombre «threads» no está"),
        ("    return n // 0, 32\n", "Línea 2: división entre cero (ZeroDivisionError)."),
        ("    return launch_config(n, m)\n", "la función se llama a sí misma sin terminar"),
        ("    print(1, 32)\n", "devolvió None, como toda función que no llega a un «return»"),
    ],
)
def test_a_function_that_fails_says_why_in_spanish_with_its_line(body, words):
    verdict = judge("launch_config", f"def launch_config(n, m):\n{body}")
    assert words in verdict.report["findings"][0]["message"]


def test_a_cell_that_does_not_load_says_the_line():
    verdict = judge("launch_config", "import noexiste\n" + LAUNCH_CONFIG)
    message = verdict.report["findings"][0]["message"]
    assert "Línea 1: no se puede importar «noexiste» (ModuleNotFoundError)." in message
