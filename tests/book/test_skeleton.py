"""Cada página de una unidad sigue el esqueleto del libro: partes, orden, extensión y figuras."""

from __future__ import annotations

import re
from pathlib import Path

import jupytext
import pytest
import reading

from urdimbre.exercises import CATALOG, UNITS

PAGES = [page for page in reading.PAGES if re.match(r"u\d\d_", page.stem)]
EXECUTED = [page for page in reading.PAGES if page.stem in ("intro", "simulator")]
SLUGS = [unit.slug for unit in UNITS]
OPENING = ("**Panorama.**", "**Qué necesitas.**")
CLOSING = ("Comprueba lo que aprendiste", "Qué simplificamos aquí", "Ejercicios", "Lecturas")
TIME = re.compile(r"Calcula [^.]*\b(?:horas?|minutos)\b")
CELL = re.compile(r"^```\{code-cell\}.*?^```$", re.MULTILINE | re.DOTALL)
MOTION = re.compile(r"^(?:display\()?steps\(", re.MULTILINE)
LONGEST = 76  # las columnas de una celda que se leen sin desplazarla
SHORT = ("_ladder", "_clinic")  # una escalera o una clínica puede ser más breve


def pages_of(slug: str) -> list[Path]:
    return [page for page in PAGES if page.stem[:3] == slug[:3]]


def section(text: str, heading: str) -> str:
    """Lo que hay entre ese título y el siguiente del mismo nivel."""
    return (text + "\n## ").split(f"\n## {heading}\n")[1].split("\n## ")[0]


def headings(text: str) -> list[str]:
    prose = CELL.sub("", text)
    return re.findall(r"^## (.+)$", reading.without_code(prose), re.MULTILINE)


def problems(text: str, least: int = 300, most: int = 600) -> list[str]:
    """Lo que le falta a una página para seguir el esqueleto; vacío si lo sigue."""
    wrong, found = [], headings(text)
    marks = [text.find(mark) for mark in (*OPENING, "\n## ")]
    if -1 in marks or marks != sorted(marks):
        return ["Panorama y Qué necesitas van al comienzo, en ese orden"]
    if not TIME.search(text[marks[1] : marks[2]]):
        wrong.append("Qué necesitas no dice cuánto tiempo («Calcula …»)")
    if tuple(found[-4:]) != CLOSING or len(set(found)) != len(found):
        return [*wrong, f"Las últimas secciones son {found[-4:]}"]
    if len(found) < 6:
        wrong.append("Faltan secciones antes de las preguntas")
    wrong += questions(section(text, CLOSING[0]))
    lines = text.count("\n")
    return wrong if least <= lines <= most else [*wrong, f"Tiene {lines} líneas"]


def questions(text: str) -> list[str]:
    """Lo que les falta a las preguntas: de tres a seis, cada una con su explicación."""
    answers = re.findall(r"^(`{3,}|:{3,})\{dropdown\}([^\n]*)\n(.*?)^\1$", text, re.M | re.S)
    wrong = [] if 3 <= len(answers) <= 6 else [f"Tiene {len(answers)} preguntas"]
    # Una directiva abierta con comillas invertidas no las admite en su título: se lee como texto.
    wrong += [f"Abre con «:::»: {t}" for mark, t, _ in answers if mark[0] == "`" and "`" in t]
    return wrong + [f"Sin explicar: {a[:40]!r}" for _, _, a in answers if len(a) < 60]


def figures(text: str) -> int:
    """Cuántas figuras tiene una página: con pie, o por pasos."""
    return len(re.findall(r"^  figure:$", text, re.MULTILINE)) + len(MOTION.findall(text))


def long_lines(page: Path) -> list[str]:
    """Las líneas de código de una página que no caben en una celda."""
    cells = (cell for cell in jupytext.read(page).cells if cell.cell_type == "code")
    return [line for cell in cells for line in cell.source.splitlines() if len(line) > LONGEST]


@pytest.mark.parametrize("page", [*PAGES, *EXECUTED], ids=lambda p: p.stem)
def test_no_line_of_a_cell_scrolls_sideways(page):
    assert long_lines(page) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_a_page_follows_the_skeleton(page):
    least = 250 if page.stem.endswith(SHORT) else 300
    assert problems(page.read_text("utf-8"), least) == []


@pytest.mark.parametrize("slug", SLUGS)
def test_a_unit_has_at_least_three_figures(slug):
    assert sum(figures(page.read_text("utf-8")) for page in pages_of(slug)) >= 3


@pytest.mark.parametrize("slug", SLUGS)
def test_a_unit_names_all_its_exercises(slug):
    sections = [section(page.read_text("utf-8"), "Ejercicios") for page in pages_of(slug)]
    wanted = {exercise.id for exercise in CATALOG if exercise.unit == slug}
    named = {one for text in sections for one in re.findall(r"`(\w+)`", text)}
    assert wanted <= named


def test_every_unit_has_its_pages_and_every_page_its_unit():
    assert {page.stem[:3] for page in PAGES} == {slug[:3] for slug in SLUGS}
    assert set(SLUGS) <= {page.stem for page in PAGES}


# --- La regla, con una página inventada ------------------------------------------------------

ANSWER = "Porque la respuesta explica de dónde sale, con su cuenta y su razón completa."
DROPDOWNS = "\n".join(f"```{{dropdown}} {k}. ¿Por qué?\n{ANSWER}\n```\n" for k in (1, 2, 3))
GOOD = (
    "# Título\n\n**Panorama.**\nSabrás.\n\n**Qué necesitas.**\nLa unidad 1.\nCalcula media hora.\n"
    "\n## Una idea\n\n```{code-cell} ipython3\nx = 1\n## no es un título\n```\n\n## Otra idea\n\n"
    f"\n## {CLOSING[0]}\n\n{DROPDOWNS}\n## {CLOSING[1]}\n\nAlgo.\n"
    f"\n## {CLOSING[2]}\n\n`vector_add`\n\n## {CLOSING[3]}\n\nUno.\n"
)
BROKEN = {
    "Panorama y Qué": ("**Panorama.**", "**Resumen.**"),
    "Qué necesitas no dice": ("Calcula media hora.", "Te llevará un rato."),
    "Las últimas secciones": (f"## {CLOSING[1]}", "## Simplificaciones"),
    "Faltan secciones": ("\n## Otra idea\n", ""),
    "Tiene 2 preguntas": ("```{dropdown} 3. ¿Por qué?", "```{note} 3."),
    "Sin explicar": (ANSWER, "Sí."),
    "Abre con": ("```{dropdown} 1. ¿Por qué?", "```{dropdown} 1. ¿Por qué `x`?"),
}


def test_a_made_up_page_follows_it():
    assert problems(GOOD, 20) == []
    assert problems(GOOD, 300)[0].startswith("Tiene ")


@pytest.mark.parametrize("complaint", BROKEN)
def test_a_broken_page_does_not(complaint):
    old, new = BROKEN[complaint]
    assert GOOD.count(old) >= 1
    assert problems(GOOD.replace(old, new, 1), 20)[0].startswith(complaint)


def test_figures_with_a_caption_and_by_steps_are_counted():
    cell = "mystnb:\n  figure:\n    caption: >-\n      Algo.\n"
    assert figures(cell * 2 + "\nsteps(drawn, captions, alt=ALT)\n") == 3


def test_a_long_line_of_a_cell_is_found_and_its_options_are_not(tmp_path):
    page = tmp_path / "pagina.md"
    head = "---\nkernelspec:\n  display_name: Python 3\n  name: python3\n---\n\n"
    options = f"---\nmystnb:\n  image:\n    alt: {'a' * 90}\n---\n"
    lines = ["#" * 76, "#" * 77]
    text = "\n".join(lines)
    page.write_text(
        f"{head}```{{code-cell}} ipython3\n{options}{text}\n```\n\n{'b' * 90}\n", "utf-8"
    )
    assert long_lines(page) == lines[1:]
