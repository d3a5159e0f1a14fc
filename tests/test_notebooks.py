"""``notebooks/`` es exactamente lo que se genera de ``book/``, y se entiende sin el libro."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import jupytext
import nbformat
import pytest

from urdimbre.course import notebooks
from urdimbre.course.chapters import chapters, course_root
from urdimbre.course.myst import Context, to_markdown
from urdimbre.errors import CourseError
from urdimbre.exercises import UNITS

ROOT = Path(__file__).parents[1]
STORED = sorted((ROOT / "notebooks").glob("*.ipynb"))
MYST = re.compile(r"\{[a-z:-]+\}`|^(`{3,}|:{3,})\{", re.MULTILINE)
CODE = re.compile(r"```.*?```|`[^`]*`", re.DOTALL)
LINK = re.compile(r"\]\(([^)#\s:]+)(?:#[^)]*)?\)")

CONTEXT = Context(
    citations={"a2020": "Ana, 2020", "b2021": "Beto y otros, 2021"},
    figures={"fig-x": 3},
    notebooks=frozenset({"u01"}),
)


@pytest.fixture
def course(tmp_path):
    """Una copia de lo que hace falta para generar notebooks."""
    for name in ("_toc.yml", "_config.yml"):
        shutil.copy(ROOT / name, tmp_path / name)
    shutil.copytree(ROOT / "book", tmp_path / "book")
    return tmp_path


# --- Lo guardado -----------------------------------------------------------------------------


def test_the_stored_notebooks_are_up_to_date():
    assert notebooks.stale(ROOT) == []


def test_generating_twice_gives_the_same_bytes():
    assert notebooks.generated(ROOT) == notebooks.generated(ROOT)


@pytest.mark.parametrize("path", STORED, ids=lambda p: p.stem)
def test_a_notebook_is_valid_and_has_no_outputs(path):
    book = nbformat.read(path, as_version=4)
    nbformat.validate(book)
    code = [cell for cell in book.cells if cell.cell_type == "code"]
    assert code
    assert all(not cell.outputs and cell.execution_count is None for cell in code)
    assert len({cell.id for cell in book.cells}) == len(book.cells)


@pytest.mark.parametrize("path", STORED, ids=lambda p: p.stem)
def test_a_notebook_runs_the_chapters_code(path):
    chapter = jupytext.read(ROOT / "book" / f"{path.stem}.md")
    stored = nbformat.read(path, as_version=4)
    sources = [[c.source for c in nb.cells if c.cell_type == "code"] for nb in (chapter, stored)]
    assert sources[0] == sources[1]


@pytest.mark.parametrize("path", STORED, ids=lambda p: p.stem)
def test_a_notebook_shows_no_book_markup(path):
    cells = nbformat.read(path, as_version=4).cells
    left = [MYST.findall(cell.source) for cell in cells if cell.cell_type == "markdown"]
    assert not any(left)


@pytest.mark.parametrize("path", STORED, ids=lambda p: p.stem)
def test_the_links_of_a_notebook_lead_somewhere(path):
    cells = nbformat.read(path, as_version=4).cells
    prose = [CODE.sub("", cell.source) for cell in cells if cell.cell_type == "markdown"]
    targets = [target for text in prose for target in LINK.findall(text)]
    assert [t for t in targets if not (path.parent / t).resolve().exists()] == []


def test_the_chapters_are_the_units_in_order():
    slugs = [unit.slug for unit in UNITS]
    pages = [path.stem for path in chapters(ROOT)]
    assert [page for page in pages if page in slugs] == slugs


def test_the_other_pages_of_a_unit_follow_its_chapter():
    slugs = [unit.slug for unit in UNITS]
    pages = [path.stem for path in chapters(ROOT) if re.match(r"u\d\d_", path.stem)]
    owners = [next(s for s in slugs if s[:3] == page[:3]) for page in pages]
    assert owners == sorted(owners)
    assert [pages[owners.index(slug)] for slug in slugs] == slugs


def test_a_chapters_title_in_the_contents_is_the_units():
    text = (ROOT / "_toc.yml").read_text(encoding="utf-8")
    for unit in UNITS:
        assert f'file: book/{unit.slug}\n        title: "{unit.number}. {unit.title}"' in text
        heading = (ROOT / "book" / f"{unit.slug}.md").read_text(encoding="utf-8")
        assert f"\n# {unit.title}\n" in heading


# --- Generar ---------------------------------------------------------------------------------


def test_check_tells_what_is_stale_and_writes_nothing(course, monkeypatch, capsys):
    monkeypatch.chdir(course)
    assert notebooks.main(["--check"]) == 1
    assert "No está al día: notebooks/intro.ipynb" in capsys.readouterr().out
    assert not (course / "notebooks").exists()


def test_writing_leaves_everything_up_to_date(course, monkeypatch, capsys):
    monkeypatch.chdir(course)
    assert notebooks.main([]) == 0
    assert notebooks.main(["--check"]) == 0
    assert "están al día" in capsys.readouterr().out
    (course / "notebooks" / "sobra.ipynb").write_text("{}", encoding="utf-8")
    assert notebooks.main(["--check"]) == 1


def test_a_notebook_someone_worked_on_is_kept(course, monkeypatch, capsys):
    monkeypatch.chdir(course)
    notebooks.main([])
    path = course / "notebooks" / "intro.ipynb"
    worked = json.loads(path.read_text(encoding="utf-8"))
    next(c for c in worked["cells"] if c["cell_type"] == "code")["execution_count"] = 1
    path.write_text(json.dumps(worked), encoding="utf-8")
    capsys.readouterr()
    assert notebooks.main([]) == 0
    assert "Se conserva notebooks/intro.ipynb" in capsys.readouterr().out
    assert json.loads(path.read_text(encoding="utf-8")) == worked
    assert notebooks.main(["--force"]) == 0
    assert json.loads(path.read_text(encoding="utf-8")) != worked


def test_outside_a_course_it_says_so(tmp_path):
    with pytest.raises(CourseError, match="No se encuentra el curso"):
        course_root(tmp_path)


# --- De MyST a Markdown corriente ------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("un {term}`hilo`", "un *hilo*"),
        ("los {term}`hilos <hilo>`", "los *hilos*"),
        ("dicho {cite}`a2020`", "dicho (Ana, 2020)"),
        ("dicho {cite}`a2020,b2021`", "dicho (Ana, 2020; Beto y otros, 2021)"),
        ("la {numref}`fig-x`", "la figura 3"),
        ("[unidad 1](u01.md)", "[unidad 1](u01.ipynb)"),
        ("[glosario](glossary.md#hilo)", "[glosario](../book/glossary.md#hilo)"),
        ("(marca)=\n## Título", "## Título"),
        ("sin marcas", "sin marcas"),
        ("```python\nx = {1}\n```", "```python\nx = {1}\n```"),
    ],
)
def test_inline_marks(text, expected):
    assert to_markdown(text, CONTEXT) == expected


def test_a_dropdown_becomes_details():
    text = "````{dropdown} ¿Por qué?\nPorque {term}`warp`.\n\n```python\nx\n```\n````"
    assert to_markdown(text, CONTEXT).split("\n") == [
        "<details>",
        "<summary>¿Por qué?</summary>",
        "",
        "Porque *warp*.",
        "",
        "```python",
        "x",
        "```",
        "",
        "</details>",
    ]


def test_a_note_becomes_a_quotation_without_its_options():
    text = ":::{tip}\n:class: margin\nMira esto.\n:::"
    assert to_markdown(text, CONTEXT) == "> **Consejo**\n>\n> Mira esto."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{nada}`x`", "El papel «nada»"),
        ("{cite}`c2022`", "La cita «c2022»"),
        ("{numref}`fig-y`", "«fig-y»"),
        ("```{nada}\nx\n```", "La directiva «nada»"),
        ("```python\nx", "no se cierra"),
    ],
)
def test_what_cannot_be_translated_is_an_error(text, expected):
    with pytest.raises(CourseError, match=expected):
        to_markdown(text, CONTEXT)
