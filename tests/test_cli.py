"""La orden ``urdimbre``, como la usa una persona: salida, errores y códigos."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from urdimbre import cli
from urdimbre.command_line import SpanishParser, in_spanish

ROOT = Path(__file__).parents[1]
ENGLISH = re.compile(
    r"\b(usage|options|positional|arguments?|required|invalid|choose|unrecognized|show|exit|error)\b"
)

PROGRAM = """\
import sys
import numpy as np
from numba import cuda

@cuda.jit
def double(a):
    i = cuda.grid(1)
    if i < a.size:
        a[i] = a[i] * np.float32(2)

if __name__ == "__main__":
    a = np.ones(int(sys.argv[1]), dtype=np.float32)
    double[1, 64](a)
    double[2, 32](a)
    print("suma", float(a.sum()))
"""


def urdimbre(*arguments, folder=ROOT):
    command = [sys.executable, "-m", "urdimbre", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=folder)


@pytest.fixture
def program(tmp_path):
    path = tmp_path / "programa.py"
    path.write_text(PROGRAM, encoding="utf-8")
    return path


# --- La ayuda y los errores ------------------------------------------------------------------


@pytest.mark.parametrize("verb", [(), ("doctor",), ("abrir",), ("comprobar",), ("ejecutar",)])
def test_help_has_no_english_left(verb):
    done = urdimbre(*verb, "--help")
    assert done.returncode == 0
    assert done.stdout.startswith("uso: urdimbre")
    assert not ENGLISH.findall(done.stdout)


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp437"])
def test_a_terminal_without_utf8_stops_nothing(encoding, tmp_path):
    path = tmp_path / "mal.py"
    path.write_text("def vector_add(a, b, out):\n    pass\n", encoding="utf-8")
    command = [sys.executable, "-m", "urdimbre", "comprobar", "vector_add", str(path)]
    environment = os.environ | {"PYTHONIOENCODING": encoding}
    done = subprocess.run(command, capture_output=True, cwd=ROOT, env=environment)
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr
    assert b"@cuda.jit" in done.stdout


def test_help_documents_the_exit_codes():
    text = cli.parser().format_help()
    assert "códigos de salida:" in text
    assert all(re.search(rf"^  {code}  \w", text, re.MULTILINE) for code in (0, 1, 2))


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((), "falta: VERBO"),
        (("nada",), "'nada' no es una opción"),
        (("doctor", "--nada"), "no se entiende: --nada"),
        (("abrir", "--puerto"), "--puerto: falta su valor"),
        (("abrir", "--puerto", "x"), "--puerto: 'x' no es un número entero"),
        (("ejecutar",), "falta: PROGRAMA"),
        (("comprobar", "vector_add"), "falta el archivo con tu solución de «vector_add»"),
        (("abrir", "--puerto", "80"), "El puerto 80 no vale"),
    ],
)
def test_bad_arguments_are_explained_in_spanish(arguments, expected):
    done = urdimbre(*arguments)
    assert done.returncode == 2
    assert expected in done.stderr
    assert "Traceback" not in done.stderr
    assert not ENGLISH.findall(done.stderr)


def test_an_unknown_argparse_message_is_shown_as_it_is():
    assert in_spanish("something new") == "something new"


def test_every_parser_of_the_project_is_the_spanish_one():
    users = [p.name for p in (ROOT / "src").rglob("*.py") if "Parser(" in p.read_text("utf-8")]
    english = [p for p in (ROOT / "src").rglob("*.py") if "ArgumentParser(" in p.read_text("utf-8")]
    assert "cli.py" in users
    assert english == []
    assert isinstance(cli.parser(), SpanishParser)


def test_version():
    assert re.fullmatch(r"urdimbre \d+\.\d+\.\d+\n", urdimbre("--version").stdout)


# --- ejecutar y perfilar ---------------------------------------------------------------------


def test_a_program_runs_as_main_with_its_arguments(program):
    done = urdimbre("ejecutar", program, 10)
    assert (done.returncode, done.stdout) == (0, "suma 40.0\n")
    assert done.stderr.startswith("Urdimbre: ")


def test_the_exit_code_is_the_programs(tmp_path):
    path = tmp_path / "sale.py"
    path.write_text("import sys\nsys.exit(7)\n", encoding="utf-8")
    assert urdimbre("ejecutar", path).returncode == 7
    path.write_text("import sys\nsys.exit('hasta aquí')\n", encoding="utf-8")
    done = urdimbre("ejecutar", path)
    assert done.returncode == 1
    assert "hasta aquí" in done.stderr


def test_a_program_imports_its_neighbours(tmp_path):
    (tmp_path / "vecino.py").write_text("VALUE = 5\n", encoding="utf-8")
    path = tmp_path / "usa.py"
    path.write_text("from vecino import VALUE\nprint(VALUE)\n", encoding="utf-8")
    assert urdimbre("ejecutar", path, folder=tmp_path.parent).stdout == "5\n"


def test_an_error_of_the_program_keeps_its_own_traceback(tmp_path):
    path = tmp_path / "falla.py"
    path.write_text("def f():\n    return 1 / 0\n\nf()\n", encoding="utf-8")
    done = urdimbre("ejecutar", path)
    assert done.returncode == 1
    assert "ZeroDivisionError" in done.stderr
    assert "line 2, in f" in done.stderr
    assert "runpy" not in done.stderr
    assert "urdimbre/script.py" not in done.stderr


def test_an_error_of_ours_shows_the_line_and_no_traceback(tmp_path):
    path = tmp_path / "kernel.py"
    path.write_text(PROGRAM.replace("* np.float32(2)", "+ {}"), encoding="utf-8")
    done = urdimbre("ejecutar", path, 4)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert f"{path}, línea 13" in done.stderr
    assert "Línea 9" in done.stderr


def test_profiling_prints_one_profile_per_kernel(program):
    done = urdimbre("perfilar", program, 64)
    assert done.returncode == 0
    assert done.stdout.count("Hallazgos: ninguno.") == 1
    assert "double" in done.stdout
    assert "Suma de 2 lanzamientos" in done.stdout


def test_profiling_adds_up_the_launches(program, capsys):
    # 64 float32 leídos y escritos: 2 warps, 4 sectores de 32 B cada uno, en dos lanzamientos.
    from urdimbre.script import profile_script

    code, (kernel,) = profile_script(program, ["64"])
    assert code == 0
    assert kernel.launches == 2
    assert kernel.profile.total.global_load_sectors == 2 * 2 * 4
    assert kernel.profile.total.global_store_sectors == 2 * 2 * 4


def test_profiling_reports_what_it_finds(tmp_path):
    path = tmp_path / "sale_de_rango.py"
    path.write_text(PROGRAM.replace("if i < a.size:", "if i < 100:"), encoding="utf-8")
    done = urdimbre("perfilar", path, 40)
    assert "Hallazgos: 0" not in done.stdout
    assert "fuera de rango" in done.stdout.lower() or "fuera del arreglo" in done.stdout.lower()


def test_a_folder_is_not_a_program(tmp_path):
    done = urdimbre("ejecutar", tmp_path)
    assert done.returncode == 2
    assert "es una carpeta" in done.stderr


@pytest.mark.parametrize("verb", ["ejecutar", "perfilar"])
@pytest.mark.parametrize(
    ("name", "expected"), [("no_esta.py", "No existe el archivo"), ("README.md", "se espera un")]
)
def test_what_is_not_a_program_is_refused(verb, name, expected):
    done = urdimbre(verb, name)
    assert done.returncode == 2
    assert expected in done.stderr


@pytest.mark.parametrize("verb", ["ejecutar", "perfilar"])
@pytest.mark.parametrize("content", [b"x = 1\n\x00", b"x = '\xe9'\n"])
def test_a_program_that_is_not_text_is_refused_in_spanish(verb, content, tmp_path):
    path = tmp_path / "binario.py"
    path.write_bytes(content)
    done = urdimbre(verb, path)
    assert done.returncode == 2
    assert "no es texto en UTF-8" in done.stderr


def test_a_program_may_declare_its_encoding(tmp_path):
    path = tmp_path / "latin.py"
    path.write_bytes("# coding: latin-1\nprint(len('é'))\n".encode("latin-1"))
    assert urdimbre("ejecutar", path).stdout == "1\n"


def test_a_profile_is_saved_as_page_data_and_pictures(program, tmp_path):
    page, data, folder = tmp_path / "p.html", tmp_path / "p.json", tmp_path / "figuras"
    done = urdimbre(
        "perfilar", program, "--html", page, "--json", data, "--imagen", folder, "--tarjeta",
        "H100", "--registros", "16", "--", "64", "--html",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    # Lo que va después de «--» es del programa: 64 unos, cuadruplicados.
    assert "suma 256.0" in done.stdout and "Perfil de «double»" in done.stdout
    (kernel,) = json.loads(data.read_text("utf-8"))["kernels"]
    assert (kernel["kernel"], kernel["launches"]) == ("double", 2)
    # Cada lanzamiento: 64 FLOP, 8 sectores leídos y 8 escritos, 512 B.
    assert kernel["intensity"] == 64 / 512 and kernel["roofline"]["bound"] == "memory"
    text = page.read_text("utf-8")
    assert text.startswith("<!doctype html>") and text.count("<img ") == text.count('alt="') == 4
    names = {path.name for path in folder.iterdir()}
    assert names == {f"double-{x}.png" for x in ("codigo", "divergencia", "sectores", "techo")}
    assert all(name in done.stderr for name in names)


def test_options_may_go_before_the_program(program, tmp_path):
    page = tmp_path / "p.html"
    done = urdimbre("perfilar", "--html", page, program, "64")
    assert done.returncode == 0 and "suma 256.0" in done.stdout and page.exists()


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (("--tarjeta", "GTX"), "Las que hay: A100"),
        (("--registros", "muchos"), "no es un número entero ni «compilador»"),
        (("--html", "no/esta/p.html"), "No se puede escribir no/esta/p.html"),
        (("--json",), "--json: falta su valor"),
    ],
)
def test_wrong_profile_options_are_explained(program, options, expected):
    done = urdimbre("perfilar", program, "64", *options)
    assert done.returncode == 2 and re.search(expected, done.stderr), done.stderr
    assert "Traceback" not in done.stderr


# --- comprobar -------------------------------------------------------------------------------


def solution(unit, exercise):
    return (ROOT / "solutions" / unit / f"{exercise}.py").read_text(encoding="utf-8")


def test_without_arguments_it_lists_every_exercise():
    from urdimbre.exercises import CATALOG

    done = urdimbre("comprobar")
    assert done.returncode == 0
    assert all(exercise.id in done.stdout for exercise in CATALOG)


def test_a_right_solution_passes(tmp_path):
    path = tmp_path / "solucion.py"
    path.write_text(solution("u02_first_kernels", "vector_add"), encoding="utf-8")
    done = urdimbre("comprobar", "vector_add", path)
    assert done.returncode == 0, done.stdout
    assert "100 %" in done.stdout


def test_a_wrong_solution_fails(tmp_path):
    path = tmp_path / "solucion.py"
    text = solution("u02_first_kernels", "vector_add").replace("+ b[i]", "- b[i]")
    path.write_text(text, encoding="utf-8")
    done = urdimbre("comprobar", "vector_add", path)
    assert done.returncode == 1
    assert "[wrong_values]" in done.stdout


def test_what_a_solution_uses_may_be_in_another_cell(tmp_path):
    """Como al calificar: en el notebook, todas las celdas comparten nombres."""
    text = solution("u02_first_kernels", "vector_add").replace("a[i] + b[i]", "add(a[i], b[i])")
    helper = "@cuda.jit(device=True)\ndef add(x, y):\n    return x + y\n"
    marked = {"nbgrader": {"grade_id": "vector_add"}}
    cells = [
        {"cell_type": "code", "metadata": {}, "source": helper},
        {"cell_type": "code", "metadata": marked, "source": text},
    ]
    path = tmp_path / "mio.ipynb"
    path.write_text(json.dumps({"cells": cells, "nbformat": 4}), encoding="utf-8")
    done = urdimbre("comprobar", "vector_add", path)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_teachers_notebook_passes():
    path = "solutions/u02_first_kernels/u02_first_kernels.ipynb"
    assert urdimbre("comprobar", "vector_add", path).returncode == 0


@pytest.mark.parametrize(
    ("exercise", "name", "content", "expected"),
    [
        ("vector_ad", "a.py", b"x = 1\n", "vector_add"),
        ("zzz", "a.py", b"x = 1\n", "«urdimbre comprobar» sin nada más los lista"),
        ("vector_add", ".", None, "es una carpeta"),
        ("vector_add", "a.txt", b"x = 1\n", "se espera uno .py o uno .ipynb"),
        ("vector_add", "no_esta.py", None, "No existe el archivo"),
        ("vector_add", "a.py", b"  \n", "está vacío"),
        ("vector_add", "a.py", b"\xff\xfe\x00", "no es texto en UTF-8"),
        ("vector_add", "a.py", b"x = 1\n\x00", "no es texto en UTF-8"),
        ("vector_add", "a.ipynb", b"hola", "no se puede leer como JSON"),
        ("vector_add", "a.ipynb", b'{"cells": []}', "no hay una celda de solución"),
    ],
)
def test_bad_files_are_explained(tmp_path, exercise, name, content, expected):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    done = urdimbre("comprobar", exercise, path)
    assert done.returncode == 2
    assert expected in done.stderr
    assert "Traceback" not in done.stderr


def test_a_missing_symbol_is_explained(tmp_path):
    path = tmp_path / "otra.py"
    path.write_text("x = 1\n", encoding="utf-8")
    done = urdimbre("comprobar", "vector_add", path)
    assert done.returncode == 1
    assert "«vector_add»" in done.stdout
