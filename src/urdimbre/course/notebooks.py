"""Generar ``notebooks/`` a partir de ``book/``, o comprobar que lo guardado está al día.

python -m urdimbre.course.notebooks [--check]
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from urdimbre.command_line import SpanishParser
from urdimbre.course.chapters import chapters, course_root
from urdimbre.course.myst import Context, to_markdown
from urdimbre.errors import CourseError
from urdimbre.grading.nbgrader.notebooks import KERNELSPEC, as_text, cell_id

COMMAND = "python -m urdimbre.course.notebooks"
STALE = "No está al día: {path}. Regenéralo con: {command}"
WRITTEN = "Escrito: {path}"
KEPT = "Se conserva {path}: tiene resultados, así que alguien trabajó en él. Para reemplazarlo: \
{command} --force"
FRESH = "Los notebooks de {count} capítulos están al día."

HIDDEN_TAGS = {"hide-input", "hide-cell"}


def generated(root: Path) -> dict[Path, str]:
    """Los notebooks del curso: ruta desde la raíz -> texto."""
    sources = executable(root)
    context = Context(
        citations=citations(root / "book" / "references.bib"),
        figures=figure_numbers(sources.values()),
        notebooks=frozenset(sources),
    )
    return {
        Path("notebooks", f"{name}.ipynb"): as_text(chapter_notebook(name, source, context))
        for name, source in sources.items()
    }


def executable(root: Path) -> dict[str, NotebookNode]:
    """Los capítulos que tienen celdas de código, en orden: nombre -> notebook MyST."""
    import jupytext

    read = {path.stem: jupytext.read(root / path) for path in chapters(root)}
    return {
        name: notebook
        for name, notebook in read.items()
        if any(cell.cell_type == "code" for cell in notebook.cells)
    }


def chapter_notebook(name: str, source: NotebookNode, context: Context) -> NotebookNode:
    """Un capítulo como notebook corriente, sin salidas y con identificadores estables."""
    cells = [new for cell in source.cells for new in _converted(cell, context)]
    for position, cell in enumerate(cells):
        cell["id"] = cell_id(name, f"{position}:{cell.source}")
    metadata = {"kernelspec": KERNELSPEC, "language_info": {"name": "python"}}
    return nbformat.v4.new_notebook(cells=cells, metadata=metadata)


def _converted(cell: NotebookNode, context: Context) -> Iterable[NotebookNode]:
    if cell.cell_type != "code":
        yield nbformat.v4.new_markdown_cell(to_markdown(cell.source, context))
        return
    yield nbformat.v4.new_code_cell(cell.source, metadata=_metadata(cell))
    figure = cell.metadata.get("mystnb", {}).get("figure", {})
    if figure.get("caption"):
        number = context.figures.get(figure.get("name", ""))
        label = f"**Figura {number}.** " if number else ""
        caption = label + to_markdown(figure["caption"].strip(), context)
        yield nbformat.v4.new_markdown_cell(caption)


def _metadata(cell: NotebookNode) -> dict:
    tags = sorted(cell.metadata.get("tags", []))
    metadata = {"tags": tags} if tags else {}
    if HIDDEN_TAGS.intersection(tags):
        metadata["jupyter"] = {"source_hidden": True}
    return metadata


def figure_numbers(notebooks: Iterable[NotebookNode]) -> dict[str, int]:
    """Nombre de cada figura con pie -> su número, corrido en todo el libro."""
    figures = [
        cell.metadata.get("mystnb", {}).get("figure", {})
        for notebook in notebooks
        for cell in notebook.cells
    ]
    captioned = [figure for figure in figures if figure.get("caption")]
    return {
        figure["name"]: number
        for number, figure in enumerate(captioned, start=1)
        if figure.get("name")
    }


def citations(path: Path) -> dict[str, str]:
    """Clave de ``references.bib`` -> autor y año."""
    from pybtex.database import parse_file

    entries = parse_file(str(path), bib_format="bibtex").entries
    return {
        key: f"{_authors(entry)}, {entry.fields.get('year', 's. f.')}"
        for key, entry in entries.items()
    }


def _authors(entry) -> str:
    people = entry.persons.get("author") or entry.persons.get("editor") or []
    names = [" ".join((*person.prelast_names, *person.last_names)).strip("{}") for person in people]
    if len(names) > 2:
        return f"{names[0]} y otros"
    return " y ".join(names) or entry.fields.get("title", "")


# --- Comparar y escribir ---------------------------------------------------------------------


def stale(root: Path) -> list[str]:
    """Un mensaje por notebook que falta, sobra o no es igual, byte por byte, al generado."""
    wanted = generated(root)
    extra = {path.relative_to(root) for path in (root / "notebooks").glob("*.ipynb")} - set(wanted)
    old = {path for path, text in wanted.items() if not _same(root / path, text)}
    return [STALE.format(path=path.as_posix(), command=COMMAND) for path in sorted(old | extra)]


def write(root: Path, *, force: bool = False) -> list[str]:
    """Escribe los notebooks que no están al día; no pisa uno en el que alguien trabajó.

    Returns:
        Un mensaje por notebook escrito o conservado.
    """
    messages = []
    for path, text in generated(root).items():
        if _same(root / path, text):
            continue
        keep = not force and worked_on(root / path)
        messages.append((KEPT if keep else WRITTEN).format(path=path.as_posix(), command=COMMAND))
        if not keep:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(text.encode("utf-8"))
    return messages


def worked_on(path: Path) -> bool:
    """Si el notebook tiene celdas ejecutadas: entonces es trabajo de alguien."""
    if not path.is_file():
        return False
    cells = nbformat.read(path, as_version=4).cells
    return any(cell.get("outputs") or cell.get("execution_count") for cell in cells)


def _same(path: Path, text: str) -> bool:
    return path.is_file() and path.read_bytes() == text.encode("utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    """Punto de entrada: 0 si todo está al día o se escribió, 1 si falta algo, 2 si no se pudo."""
    parser = SpanishParser(prog=COMMAND, description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="solo compara; no escribe")
    parser.add_argument("--force", action="store_true", help="reemplaza también los ya ejecutados")
    options = parser.parse_args(arguments)
    try:
        root = course_root()
        messages = stale(root) if options.check else write(root, force=options.force)
    except CourseError as error:
        print(error, file=sys.stderr)
        return 2
    print("\n".join(messages) or FRESH.format(count=len(executable(root))))
    return 1 if options.check and messages else 0


if __name__ == "__main__":
    sys.exit(main())
