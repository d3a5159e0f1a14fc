"""Leer la prosa del proyecto: lo que queda de un Markdown al quitar el código y las marcas."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import jupytext

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "book").glob("*.md"))
LOOSE = [
    ROOT / name
    for name in (
        "README.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "solutions/README.md",
        "benchmarks/README.md",
    )
]

FENCE = re.compile(r"(`{3,}|:{3,})(\{?)")
DIRECTIVE = re.compile(r"^(`{3,}|:{3,})(\{[\w:-]+\}[ ]*)?", re.MULTILINE)
OPTION = re.compile(r"^:[\w-]+:.*$", re.MULTILINE)
CITE = re.compile(r"[ ]?\{cite(?::\w+)?\}`[^`]*`")
NUMREF = re.compile(r"\{(?:numref|ref|doc)\}`[^`]*`")
ROLE = re.compile(r"\{[\w:-]+\}`([^`<]*)(?:<[^`]*>)?`")
CODE = re.compile(r"(`+)[^`].*?\1", re.DOTALL)
MATH = re.compile(r"\$\$.*?\$\$|\$[^$\n]+\$", re.DOTALL)
TARGET = re.compile(r"\]\([^)]*\)")
TAG = re.compile(r"<[^>\n]+>")
ITALIC = re.compile(r"(?<![\w*])\*(?!\*)([^*\n]+)\*(?![\w*])")
MARKS = re.compile(r"[*_#>|\[\]]+")


@dataclass(frozen=True)
class Text:
    """Un texto con el lugar de donde salió."""

    place: str
    body: str


def markdown_of(path: Path) -> str:
    """El Markdown de un archivo, sin encabezado YAML ni celdas de código."""
    if path.parent.name != "book":
        return path.read_text(encoding="utf-8")
    cells = jupytext.read(path).cells
    return "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


def figures_of(path: Path) -> list[dict]:
    """Los metadatos de las celdas que dibujan una figura."""
    cells = jupytext.read(path).cells
    return [c.metadata["mystnb"] for c in cells if "mystnb" in c.metadata]


def statements() -> Iterator[Text]:
    """Los enunciados, las pistas y los títulos de los ejercicios."""
    from urdimbre.exercises import CATALOG

    for exercise in CATALOG:
        pieces = (exercise.title, exercise.statement, *exercise.hints)
        yield Text(exercise.id, "\n\n".join(pieces))


def captions(path: Path) -> Iterator[Text]:
    """Pies y textos alternativos de las figuras de un capítulo."""
    for cell in figures_of(path):
        for key, field in (("figure", "caption"), ("image", "alt")):
            if cell.get(key, {}).get(field):
                yield Text(f"{path.name}, figura", cell[key][field])


def documents() -> list[Text]:
    """Toda la prosa que se revisa."""
    pages = [Text(str(p.relative_to(ROOT)), markdown_of(p)) for p in (*PAGES, *LOOSE)]
    return [*pages, *statements(), *(text for page in PAGES for text in captions(page))]


def blocks(text: str) -> str:
    """El texto sin bloques de código, opciones de directivas ni fórmulas; conserva las líneas."""
    text = without_code(text)
    text = OPTION.sub("", DIRECTIVE.sub("", text))
    return MATH.sub(" ", text)


def without_code(text: str) -> str:
    """El texto con sus bloques de código en blanco; los de las directivas, como un desplegable, no.

    Una línea de cierre se distingue de una de apertura por lo que está abierto en ese momento.
    """
    opened, kept = [], []
    for line in text.split("\n"):
        mark, is_code = FENCE.match(line), bool(opened) and not opened[-1][1]
        if mark and opened and line.strip() == opened[-1][0]:
            opened.pop()
        elif mark and not is_code:
            opened.append((mark[1], mark[2]))
            is_code = not mark[2]
        kept.append("" if is_code else line)
    return "\n".join(kept)


def prose(text: str, *, italics: bool = True) -> str:
    """Las palabras que lee una persona.

    Args:
        text: Markdown.
        italics: conservar lo que va en cursiva.
    """
    text = CITE.sub("", blocks(text))
    text = ROLE.sub(r"\1", NUMREF.sub("", text))
    text = TAG.sub(" ", TARGET.sub("]", CODE.sub(" ", text)))
    text = text if italics else ITALIC.sub(" ", text)
    return MARKS.sub(" ", text)


def lines(text: str) -> Iterator[tuple[int, str]]:
    """Líneas de párrafo, con su número: ni títulos, ni tablas, ni listas, ni citas."""
    for number, line in enumerate(blocks(text).split("\n"), start=1):
        if line.strip() and not re.match(r"\s*([#|>-]|\d+\. |\(|  )", line):
            yield number, CODE.sub("x", ROLE.sub(r"\1", line))


def headings(text: str) -> list[str]:
    """Los títulos, sin marcas ni código."""
    found = re.findall(r"^#+[ ]+(.+)$", blocks(text), re.MULTILINE)
    return [ROLE.sub(r"\1", CODE.sub("x", heading)) for heading in found]


# --- El glosario -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Entry:
    """Una entrada del glosario: la palabra y sus nombres en inglés."""

    term: str
    english: tuple[str, ...]
    kept: bool


def glossary() -> list[Entry]:
    """Las entradas de ``book/glossary.md``."""
    text = (ROOT / "book" / "glossary.md").read_text(encoding="utf-8")
    translated, kept = text.split("## Palabras que se conservan")
    return [*_entries(translated, kept=False), *_entries(kept, kept=True)]


def _entries(section: str, *, kept: bool) -> Iterator[Entry]:
    for term, definition in re.findall(r"^(\S[^\n]*)\n  ([^\n]+)", section, re.MULTILINE):
        names = re.match(r"(?:\*[^*]+\*[,.]? ?|[A-Z]{2,}[,.] ?|también )*", definition)[0]
        english = re.findall(r"\*([^*]+?)\.?\*", names)
        yield Entry(term, () if kept else tuple(name.lower() for name in english), kept)
