"""El texto del libro cumple lo que promete: palabras, referencias, ejercicios y figuras."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from urdimbre.exercises import CATALOG, UNITS

BOOK = Path(__file__).resolve().parents[2] / "book"
PAGES = sorted(BOOK.glob("*.md"))
CHAPTERS = [BOOK / f"{unit.slug}.md" for unit in UNITS]
UNIT_PAGES = sorted(BOOK.glob("u??_*.md"))  # los capítulos y las demás páginas de su unidad
SECTIONS = ("Qué simplificamos aquí", "Comprueba lo que aprendiste", "Ejercicios", "Lecturas")

# Lo que no se escribe en la prosa, y qué se escribe en su lugar (el glosario manda).
BANNED = {
    r"threads?": "hilo",
    r"blocks?": "bloque",
    r"grids?": "malla",
    r"lanes?": "carril",
    r"shared memory": "memoria compartida",
    r"ocupancia": "ocupación",
    r"tiling|tiles?": "tesela",
    r"host": "anfitrión",
    r"device": "dispositivo",
    r"throughput": "rendimiento",
    r"bandwidth": "ancho de banda",
    r"performance": "rendimiento",
    r"coalescente": "coalescido",
    r"librería": "biblioteca",
}


def prose(page: Path) -> str:
    """El texto sin código, sin encabezado de jupytext, sin cursivas y sin roles."""
    text = page.read_text(encoding="utf-8")
    text = re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.S)
    text = re.sub(r"^```\{(code-cell|bibliography)\}.*?^```$", "", text, flags=re.S | re.M)
    text = re.sub(r"^```(?!\{|`)\w*\n.*?^```$", "", text, flags=re.S | re.M)
    return re.sub(r"\{\w+\}`[^`]*`|`[^`]*`|\*(?!\*)[^*\n]+\*", " ", text)


@cache
def glossary_terms() -> set[str]:
    text = (BOOK / "glossary.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```\{glossary\}\n(.*?)```", text, re.S)
    return {line for b in blocks for line in b.splitlines() if line and line[0] not in " :"}


def roles(page: Path, name: str) -> list[str]:
    return re.findall(rf"\{{{name}\}}`([^`]+)`", page.read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_every_term_is_in_the_glossary(page):
    targets = [re.sub(r".*<(.+)>", r"\1", t, flags=re.S) for t in roles(page, "term")]
    assert set(targets) <= glossary_terms()


def test_glossary_has_no_repeated_term():
    text = (BOOK / "glossary.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```\{glossary\}\n(.*?)```", text, re.S)
    terms = [line for b in blocks for line in b.splitlines() if line and line[0] not in " :"]
    assert len(terms) == len(set(terms)) > 40


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_every_citation_is_in_the_bibliography(page):
    known = re.findall(r"^@\w+\{(\w+),", (BOOK / "references.bib").read_text("utf-8"), re.M)
    cited = {key.strip() for group in roles(page, "cite") for key in group.split(",")}
    assert len(known) == len(set(known))
    assert cited <= set(known)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_prose_uses_the_words_of_the_glossary(page):
    found = {
        match.group(): better
        for pattern, better in BANNED.items()
        for match in re.finditer(rf"\b({pattern})\b", prose(page), re.I)
    }
    assert found == {}


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_prose_has_no_exclamations_and_no_decimal_point(page):
    text = re.sub(r"https?://\S+|\]\([^)]*\)", "", prose(page))
    assert re.findall(r"[¡!]", text) == []
    # «8.0» como capacidad de cómputo o versión va en código; un decimal lleva coma.
    assert re.findall(r"(?<![\w.])\d+\.\d+(?!\.?\d)(?= ?(?:%|veces|GB|MB|µs|ms|B\b))", text) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_one_sentence_a_line(page):
    # El título de un desplegable va en una sola línea; las tablas, también.
    lines = [x for x in prose(page).splitlines() if "{dropdown}" not in x and x[:1] not in "|#"]
    assert [x for x in lines if re.search(r"[a-záéíóúñ»)][.?] +[«¿]?[A-ZÁÉÍÓÚÑ]", x)] == []


@pytest.mark.parametrize("page", UNIT_PAGES, ids=lambda p: p.stem)
def test_chapter_has_its_parts(page):
    text = page.read_text(encoding="utf-8")
    assert [s for s in SECTIONS if f"\n## {s}\n" not in text] == []
    assert "**Panorama.**" in text
    assert "**Qué necesitas.**" in text
    first_cell = re.search(r"```\{code-cell\}[^\n]*\n(.*?)```", text, re.S)
    assert first_cell.group(1).strip() == "%load_ext urdimbre"


@pytest.mark.parametrize("page", CHAPTERS, ids=lambda p: p.stem)
def test_chapter_names_exactly_its_exercises(page):
    section = page.read_text(encoding="utf-8").split("\n## Ejercicios\n")[1].split("\n## ")[0]
    listed = re.findall(r"^\| `(\w+)` \|", section, re.M)
    assert sorted(listed) == sorted(e.id for e in CATALOG if e.unit == page.stem)


@pytest.mark.parametrize("page", UNIT_PAGES, ids=lambda p: p.stem)
def test_the_exercises_a_page_sends_to_are_its_units(page):
    section = page.read_text(encoding="utf-8").split("\n## Ejercicios\n")[1].split("\n## ")[0]
    named = {e.id for e in CATALOG if f"`{e.id}`" in section}
    assert named
    assert named <= {e.id for e in CATALOG if e.unit[:3] == page.stem[:3]}


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_every_figure_has_alternative_text(page):
    cells = re.findall(r"```\{code-cell\}[^\n]*\n(.*?)```", page.read_text("utf-8"), re.S)
    figures = [c for c in cells if re.search(r"^  figure:", c, re.M)]
    assert [c for c in figures if not re.search(r"alt: >-\n( {6}\S.*\n)+|alt: \S.{40}", c)] == []


def test_intro_tells_what_exists_today():
    text = (BOOK / "intro.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \| (.+?) \| (.+?) \|$", text, re.M)
    assert [int(number) for number, _, _ in rows] == list(range(1, 17))
    written = {int(n): (name, status) for n, name, status in rows if status != "en preparación"}
    assert sorted(written) == [unit.number for unit in UNITS]
    for unit in UNITS:
        count = sum(e.unit == unit.slug for e in CATALOG)
        name, status = written[unit.number]
        assert f"]({unit.slug}.md)" in name
        assert status == f"capítulo y {count} ejercicios"
