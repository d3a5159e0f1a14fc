"""Dónde está el curso y qué capítulos tiene, en orden."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from urdimbre.errors import CourseError

NOT_A_COURSE = (
    "No se encuentra el curso (un archivo «_toc.yml») en {places}. "
    "Corre este comando desde la carpeta donde clonaste el repositorio."
)


def course_root(start: Path | None = None) -> Path:
    """Raíz del curso: la carpeta pedida o actual, alguna de sus madres, o la del código.

    Raises:
        CourseError: si no hay un curso en ninguna.
    """
    here = (start or Path.cwd()).resolve()
    candidates = [here, *here.parents] + ([] if start else [Path(__file__).resolve().parents[3]])
    for folder in candidates:
        if (folder / "_toc.yml").is_file() and (folder / "_config.yml").is_file():
            return folder
    raise CourseError(NOT_A_COURSE.format(places=here))


def chapters(root: Path) -> list[Path]:
    """Los archivos del índice, en orden, desde la raíz: ``book/intro.md``, ``book/u01….md``…"""
    import yaml

    toc = yaml.safe_load((root / "_toc.yml").read_text(encoding="utf-8"))
    return [Path(f"{name}.md") for name in _files(toc)]


def _files(entry: dict) -> Iterator[str]:
    name = entry.get("root") or entry.get("file")
    if name:
        yield name
    for key in ("parts", "chapters", "sections"):
        for child in entry.get(key, ()):
            yield from _files(child)
