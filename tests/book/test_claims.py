"""Las cifras del libro: cada «N veces más» y cada cantidad de bytes tiene de dónde salir.

Las páginas se ejecutan para leer lo que imprimen, y lo leído se guarda mientras no cambien sus
celdas ni la biblioteca: la segunda vez cuesta segundos.
"""

from __future__ import annotations

import hashlib
from functools import cache

import claims
import jupytext
import pytest
import reading

from urdimbre.course.book import LIBRARY, digest

PAGES = [page for page in reading.PAGES if page.stem[:1] == "u" or page.stem == "intro"]

# (página, afirmación): por qué vale sin que la página la calcule. Cada fila debe usarse.
ALLOWED: dict[tuple[str, str], str] = {}


def unbacked(markdown: str, outputs=(), code: str = "") -> list[str]:
    """Las afirmaciones de ``markdown`` que nada respalda, como se leen."""
    found = claims.claims(markdown)
    return [claim.text for claim in found if not claims.is_backed(claim, outputs, code)]


# --- Las páginas -----------------------------------------------------------------------------


def text_of(page) -> str:
    return reading.blocks(reading.markdown_of(page))


def code_of(page) -> str:
    return "\n".join(c.source for c in jupytext.read(page).cells if c.cell_type == "code")


@cache
def library() -> str:
    return digest(reading.ROOT, LIBRARY)


def printed(page, store) -> list[str]:
    """Lo que imprime cada celda de la página, como texto; lo recuerda entre corridas."""
    key = hashlib.sha256((code_of(page) + library()).encode()).hexdigest()[:24]
    known = store.get(f"urdimbre/salidas/{page.stem}", {})
    if known.get("key") != key:
        known = {"key": key, "outputs": execute(page)}
        store.set(f"urdimbre/salidas/{page.stem}", known)
    return known["outputs"]


def execute(page) -> list[str]:
    """Ejecuta las celdas y junta el texto de cada una: lo impreso, las tablas, los valores."""
    nbclient = pytest.importorskip("nbclient")
    notebook = jupytext.read(page)
    nbclient.NotebookClient(notebook, timeout=180, kernel_name="python3").execute()
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return ["\n".join(map(shown, cell.outputs)) for cell in cells]


def shown(output) -> str:
    data = output.get("data", {})
    return output.get("text") or data.get("text/markdown") or data.get("text/plain", "")


def has_claims(page) -> bool:
    return any(True for _ in claims.claims(text_of(page)))


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_every_figure_of_speed_or_bytes_comes_from_somewhere(page, request):
    text, code = text_of(page), code_of(page)
    allowed = {said for name, said in ALLOWED if name == page.stem}
    if not unbacked(text, (), code):
        assert allowed == set(), "sobra en ALLOWED"
        return
    left = set(unbacked(text, printed(page, request.config.cache), code))
    assert left == allowed, "di en el mismo párrafo las dos cifras, la cuenta o la fuente"


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_every_equation_in_the_prose_holds(page):
    found = claims.equations(text_of(page))
    assert [
        (text, result) for text, result, stated in found if abs(result - stated) > rounding(stated)
    ] == []


def rounding(stated: float) -> float:
    """Medio lugar de lo escrito: una división puede llevar decimales que el texto redondea."""
    return 0.5 if stated == int(stated) and stated >= 20 else 0.05 * abs(stated) + 1e-9


# --- La regla, con frases inventadas ---------------------------------------------------------

INVENTED = [
    # texto, salidas, código, lo que queda sin respaldo
    ("Es 7 veces más rápido.", (), "", ["7 veces más"]),
    ("Es siete veces más lento.", (), "", ["siete veces más"]),
    ("Es el doble de rápido.", (), "", ["el doble de rápid"]),
    ("Mueve 4096 B por bloque.", (), "", ["4096 B"]),
    ("Mueve 4 096 B por bloque.", ("total: 4096",), "", []),
    ("Mueve 4,1 kB.", ("4096 bytes",), "", []),
    ("Mueve 4,3 kB.", ("4096 bytes",), "", ["4,3 kB"]),
    ("Mueve 8,4 MB.", ("son 8.4 MB",), "", []),
    ("Mueve 8,5 MB.", ("son 8.4 MB",), "", ["8,5 MB"]),
    ("Mueve 12 KiB.", ("| 12288 |",), "", []),
    ("Mueve 24 B.", ("fila 24",), "", ["24 B"]),
    ("Es siete veces más lento.", ("razón: 7.0",), "", []),
    ("Es siete veces más lento.", ("son 7.0 veces",), "", []),
    ("Es siete veces más lento.", ("| veces lo mínimo | 7 |",), "", []),
    ("Es siete veces más lento.", ("7 hilos, razón: 9",), "", ["siete veces más"]),
    ("Es 23 veces más lento.", ("Pasa 23 veces más.",), "", ["23 veces más"]),
    ("Es ocho veces más.", ("| 4 | 32 |",), "", ["ocho veces más"]),
    ("Pasa de 4 a 32: ocho veces más.", ("| 4 | 32 |",), "", []),
    ("Pasa de 4 a 32.\nSon ocho veces más.", ("| 4 |", "| 32 |"), "", []),
    ("Pasa de 4 a 32.\n\nSon ocho veces más.", ("| 4 | 32 |",), "", ["ocho veces más"]),
    ("Pasa de 4 a 32: ocho veces más.", (), "", ["ocho veces más"]),
    ("Pasa de 4 a 32: siete veces más.", ("| 4 | 32 |",), "", ["siete veces más"]),
    ("Son 32 / 4 = 8: ocho veces más.", (), "", []),
    ("Son 32 / 4 = 8: cuatro veces más.", (), "", ["cuatro veces más"]),
    ("Es ocho veces más.", ("hilos: 8",), "", ["ocho veces más"]),
    ("Es unas ocho veces más.", ("razón 7,4",), "", []),
    ("Es unas ocho veces más.", ("razón 7,3",), "", ["ocho veces más"]),
    ("Es ocho veces más.", ("razón 7,4",), "", ["ocho veces más"]),
    ("Es 7 veces más rápido {cite}`volkov2010`.", (), "", ["7 veces más"]),
    ("La memoria da 3350 GB/s {cite}`h100data`.", (), "", []),
    ("La memoria da 3351 GB/s {cite}`h100data`.", (), "", ["3351 GB/s"]),
    ("La memoria da 3350 GB/s {cite}`volkov2010`.", (), "", ["3350 GB/s"]),
    ("La memoria da 3350 GB/s.\nOtra cosa {cite}`h100data`.", (), "", ["3350 GB/s"]),
    ("Son 128 · 36 = 4608 B.", (), "", []),
    ("Son 128 · 36 B = 4608 B, y la otra mueve 5000 B.", (), "", ["5000 B"]),
    ("La memoria da 3350 GB/s.", (), "memory = 3350.0", []),
    ("La memoria da 3350 GB/s.", (), "memory = 900.0", ["3350 GB/s"]),
    ("Es 9 veces más rápido.", (), "nine = 9", ["9 veces más"]),
    ("Cada sector tiene 32 B y cada palabra 4 B.", (), "", []),
    ("Cada sector tiene 32 MB.", (), "", ["32 MB"]),
    ("Lo pide nueve veces y a veces más.", (), "", []),
    ("El código `x * 4096 B` no es prosa.", (), "", []),
]


@pytest.mark.parametrize(("text", "outputs", "code", "left"), INVENTED)
def test_the_rule_on_made_up_sentences(text, outputs, code, left):
    assert unbacked(text, outputs, code) == left


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("Son 32 · 4 / 32 = 4 sectores.", [(4.0, 4.0)]),
        ("Son 2 · 4 + 7 · 5 = 43 sectores.", [(43.0, 43.0)]),
        ("Son 2 · 4 + 7 · 5 = 44 sectores.", [(43.0, 44.0)]),
        ("Caben 256 · 4 B / 32 B = 32 sectores.", [(32.0, 32.0)]),
        ("El bloque es 300 // 128 = 2.", [(2.0, 2.0)]),
        ("Con n = 5 no hay cuenta.", []),
        ("Los hilos 1, 2, 3 y 4.", []),
    ],
)
def test_equations_are_read_and_computed(text, pairs):
    assert [(got, said) for _, got, said in claims.equations(text)] == pairs
