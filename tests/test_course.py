"""Abrir el curso y construir el libro: puertos, sellos, errores que se entienden."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from urdimbre.course import book, lab
from urdimbre.errors import CourseError

ROOT = Path(__file__).parents[1]


@pytest.fixture
def busy_port():
    """Un puerto en el que otro programa escucha."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as server:
        server.bind((lab.HOST, 0))
        server.listen()
        yield server.getsockname()[1]


@pytest.fixture
def tiny_course(tmp_path):
    """Un curso de una página, con la extensión y el estilo de verdad."""
    for folder in ("ext", "book/_static"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    for name in ("_config.yml", "book/references.bib"):
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: book/intro\n", encoding="utf-8")
    write_page(tmp_path, "print(6 * 7)")
    return tmp_path


def write_page(root, code):
    head = (ROOT / "book" / "intro.md").read_text(encoding="utf-8").split("# Urdimbre")[0]
    cell = f"```{{code-cell}} ipython3\n{code}\n```\n"
    (root / "book" / "intro.md").write_text(f"{head}# Prueba\n\n{cell}", encoding="utf-8")


# --- El puerto -------------------------------------------------------------------------------


def test_a_busy_port_is_skipped(busy_port):
    assert not lab.is_free(busy_port)
    assert lab.free_port(busy_port) > busy_port


@pytest.mark.parametrize("port", [0, 80, 1023, 65536, -1])
def test_an_impossible_port_is_refused(port):
    with pytest.raises(CourseError, match="entre 1024 y 65535"):
        lab.free_port(port)


def test_with_no_free_port_it_says_how_to_choose(monkeypatch):
    monkeypatch.setattr(lab, "is_free", lambda port: False)
    with pytest.raises(CourseError, match="--puerto N"):
        lab.free_port(8888)


# --- JupyterLab ------------------------------------------------------------------------------


def test_the_course_opens_at_its_first_notebook():
    address = lab.url(ROOT, 8899, "clave")
    assert address == "http://localhost:8899/lab/tree/notebooks/intro.ipynb?token=clave"


def test_without_notebooks_it_opens_the_folder(tmp_path):
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: book/intro\n", encoding="utf-8")
    assert lab.first_notebook(tmp_path) == ""


def test_the_settings_are_spanish_and_ask_nothing_of_the_network():
    settings = json.loads((lab.SETTINGS / "overrides.json").read_text(encoding="utf-8"))
    assert settings["@jupyterlab/translation-extension:plugin"]["locale"] == "es_ES"
    notices = settings["@jupyterlab/apputils-extension:notification"]
    assert notices == {"fetchNews": "false", "checkForUpdates": False}


def test_without_jupyterlab_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr(lab, "find_spec", lambda name: None)
    with pytest.raises(CourseError, match="make abrir"):
        lab.open_course(ROOT)


def test_a_server_that_dies_is_explained(tmp_path):
    process = subprocess.Popen([sys.executable, "-c", "raise SystemExit(3)"])
    process.wait()
    with (tmp_path / "log").open("w+", encoding="utf-8") as log:
        log.write("no hay sitio en el disco\n")
        with pytest.raises(CourseError, match="no hay sitio en el disco"):
            lab._wait_until_ready(process, 1, log)


# --- El libro --------------------------------------------------------------------------------


def test_a_page_is_built_once_and_again_when_it_changes(tiny_course):
    lines = []
    page = book.build(tiny_course, report=lines.append)
    html = (page.parent / "book" / "intro.html").read_text(encoding="utf-8")
    assert "42" in html
    assert '<html lang="es"' in html
    assert any("ejecutando book/intro" in line for line in lines)
    assert book.is_current(tiny_course)
    again = []
    book.build(tiny_course, report=again.append)
    assert again == []
    write_page(tiny_course, "print(6 * 8)")
    assert not book.is_current(tiny_course)


def test_a_built_page_has_no_english_left_by_the_theme(tiny_course):
    page = book.build(tiny_course, report=lambda line: None)
    html = (page.parent / "book" / "intro.html").read_text(encoding="utf-8")
    html = re.sub(r"<script.*?</script>", "", html, flags=re.DOTALL)
    said = re.findall(r'(?:title|aria-label|placeholder|alt)="([^"]+)"', html)
    said.append(re.sub(r"<[^>]+>", " ", html))
    assert "Buscar en el curso…" in said
    english = r"\b(search|toggle|link to|skip|back to|page|hidden|main|light|dark|contents)\b"
    assert [found for text in said for found in re.findall(english, text, re.IGNORECASE)] == []


def test_a_cell_that_fails_stops_the_book_and_says_which(tiny_course):
    write_page(tiny_course, "1 / 0")
    with pytest.raises(CourseError, match="ZeroDivisionError") as caught:
        book.build(tiny_course, report=lambda line: None)
    assert "libro.log" in str(caught.value)
    assert not book.is_current(tiny_course)


def test_a_figure_without_alternative_text_stops_the_strict_book(tiny_course):
    page = tiny_course / "book" / "intro.md"
    text = page.read_text(encoding="utf-8") + "\n![](_static/favicon.svg)\n"
    page.write_text(text, encoding="utf-8")
    with pytest.raises(CourseError, match="figura sin texto alternativo"):
        book.build(tiny_course, strict=True, report=lambda line: None)


def test_without_jupyter_book_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr(book, "find_spec", lambda name: None)
    with pytest.raises(CourseError, match=r"requirements\.txt"):
        book.build(ROOT)


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0,
    reason="quien administra puede escribir en todo",
)
def test_a_read_only_folder_is_explained(tiny_course):
    tiny_course.chmod(0o555)
    try:
        with pytest.raises(CourseError, match="solo lectura"):
            book.build(tiny_course)
    finally:
        tiny_course.chmod(0o755)


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS])
def test_a_refused_write_is_explained(tiny_course, monkeypatch, number):
    def refuse(*_arguments):
        raise OSError(number, os.strerror(number), str(tiny_course / "_build"))

    monkeypatch.setattr(book, "_run", refuse)
    with pytest.raises(CourseError, match="solo lectura"):
        book.build(tiny_course)


def test_the_digest_sees_names_and_contents_but_not_caches(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x.py").write_text("1", encoding="utf-8")
    first = book.digest(tmp_path, ["a"])
    (tmp_path / "a" / "__pycache__").mkdir()
    (tmp_path / "a" / "__pycache__" / "x.pyc").write_text("1", encoding="utf-8")
    assert book.digest(tmp_path, ["a"]) == first
    (tmp_path / "a" / "x.py").rename(tmp_path / "a" / "y.py")
    assert book.digest(tmp_path, ["a"]) != first


@pytest.mark.parametrize(
    ("adds", "words"),
    [(lambda: True, "256 hilos. El resultado es correcto"), (lambda: False, "equivocado")],
)
def test_the_first_kernel_says_who_ran_it_and_how_it_went(monkeypatch, adds, words):
    from urdimbre.course import first_kernel as page

    monkeypatch.setattr(page, "_adds", adds)
    text = page.first_kernel()
    assert text.startswith("Urdimbre: ") and words in text


def test_the_first_kernel_really_runs():
    code = (
        "from urdimbre.course import first_kernel as page\n"
        "import urdimbre.backend as b\n"
        "b.gpu_status = lambda: ('', 'Prueba sin GPU.')\n"
        "print(page.first_kernel())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout == (
        "Urdimbre: simulador, sin GPU. Prueba sin GPU.\n"
        "Un primer kernel sumó 256 parejas con 256 hilos. El resultado es correcto.\n"
    ), done.stderr
