"""Qué se lee de una entrega y qué texto se toma como solución."""

from __future__ import annotations

import json

import pytest

from urdimbre.grading.nbgrader.borrowed import HEADER, with_borrowed
from urdimbre.grading.nbgrader.submission import Cell, find_solution, read_submission

STUB = "def f(x):\n    raise NotImplementedError()"


def read(tmp_path, content, **options):
    path = tmp_path / "entrega.ipynb"
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return read_submission(path, **options)


def test_a_missing_file_is_a_problem_not_an_exception(tmp_path):
    assert read_submission(tmp_path / "nada.ipynb").problem == "missing"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (b"\xe1\xe9", "not_text"),
        (b"\xff\xfe\x00\x01" * 100, "not_text"),
        ('{"cells": []}'.encode("utf-16"), "utf16"),
        ('{"cells": []}'.encode("utf-16-le"), "utf16"),
        (b"hola", "not_json"),
        (b"[" * 100_000, "not_json"),
        (b'"texto"', "not_notebook"),
        ({"cells": {}}, "not_notebook"),
        ({"nbformat": 3, "worksheets": []}, "old_format"),
    ],
)
def test_what_cannot_be_read_says_why(tmp_path, content, problem):
    received = read(tmp_path, content)
    assert (received.problem, received.cells) == (problem, ())
    assert received.message.endswith(".")


def test_the_limit_is_checked_before_reading(tmp_path):
    received = read(tmp_path, {"cells": []}, max_bytes=5)
    assert received.problem == "too_large"
    assert "máximo es 5e-06 MB" in received.message


@pytest.mark.parametrize(
    "cell",
    [
        {},
        {"source": None},
        {"source": 5, "metadata": []},
        {"source": ["a", 3, None, "b"], "metadata": {"nbgrader": "x"}},
        {"source": "x", "metadata": {"nbgrader": {"grade_id": ["f"]}}, "cell_type": 7},
    ],
)
def test_a_broken_cell_breaks_nothing(tmp_path, cell):
    received = read(tmp_path, {"cells": [cell, "texto", None]})
    assert received.problem == "" and len(received.cells) == 1


def test_text_survives_lone_surrogates_and_null_bytes(tmp_path):
    raw = b'{"cells": [{"cell_type": "code", "source": "a\\ud800b\\u0000c"}]}'
    assert read(tmp_path, raw).cells[0].source == "a?bc"


def test_the_last_definition_wins_among_copies():
    cells = (Cell("def f(x):\n    1", "code", "f"), Cell("def f(x):\n    2", "code", "f"))
    assert find_solution(cells, "f").endswith("2")
    assert find_solution(cells, "f").startswith("def f(x):\n    1")


def test_a_copy_left_as_published_or_broken_does_not_hide_the_answer():
    answer = Cell("def f(x):\n    1", "code", "f")
    assert find_solution((answer, Cell(STUB, "code", "f")), "f", stub=STUB) == answer.source
    assert find_solution((answer, Cell("def f(:", "code", "f")), "f", stub=STUB) == answer.source
    assert find_solution((Cell("def f(:", "code", "f"),), "f", stub=STUB) == "def f(:"


def test_an_untouched_cell_is_the_published_one():
    assert find_solution((Cell(STUB, "code", "f"),), "f", stub=STUB) == STUB


def test_a_cell_that_lost_its_mark_is_found_by_the_name_it_defines():
    cells = (Cell("x = 1"), Cell("def f(x):\n    1"), Cell("def f(x):", "markdown"))
    assert find_solution(cells, "exercise", ("f",)) == "def f(x):\n    1"
    assert find_solution(cells, "exercise") == ""
    assert find_solution((Cell("def f(x):\n    1", "code", "other"),), "exercise", ("f",)) == ""


def test_a_kernel_written_in_another_cell_is_found_by_its_name():
    cells = (Cell("def f(x):\n    1"), Cell("def g(x):\n    2"))
    found = find_solution(cells, "exercise", ("f", "g"))
    assert found == "def g(x):\n    2"
    assert "def f(x):\n    1" in with_borrowed(found, cells, ("f", "g"))
    marked = (Cell("def f(x):\n    0", "code", "exercise"), cells[1])
    whole = with_borrowed(find_solution(marked, "exercise", ("f", "g")), marked, ("f", "g"))
    assert whole == f"def f(x):\n    0{HEADER}def g(x):\n    2"


def test_borrowed_definitions_go_after_the_solution():
    cells = (
        Cell("import math\nUNUSED = 3"),
        Cell("N = 4\n\n\n@cuda.jit(device=True)\ndef half(x):\n    return x / math.floor(N)"),
        Cell("def half(x):\n    return 0", "code", "other"),
    )
    source = "from numba import cuda\n\n\n@cuda.jit\ndef f(x):\n    x[0] = half(x[1])"
    whole = with_borrowed(source, cells)
    assert whole.startswith(source + HEADER)
    assert "@cuda.jit(device=True)\ndef half(x):\n    return x / math.floor(N)" in whole
    assert "import math" in whole and "N = 4" in whole
    assert "UNUSED" not in whole and "return 0" not in whole


def test_a_complete_solution_borrows_nothing():
    source = "import math\n\ndef f(n, m):\n    k = math.ceil(n)\n    return [i for i in range(k)]"
    cells = (Cell("k = 5\nn = 3\nm = 1\nf = None\ni = 0\nimport math"),)
    assert with_borrowed(source, cells) == source


def test_what_does_not_parse_borrows_nothing():
    assert with_borrowed("def f(:", (Cell("f = 1"),)) == "def f(:"
