"""Generar los notebooks de las unidades, o comprobar que los guardados están al día.

python -m urdimbre.grading.nbgrader.build [--check] [unidad ...]
"""

from __future__ import annotations

import logging
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from nbgrader.converters import GenerateAssignment, NbGraderException
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config, PyFileConfigLoader

from urdimbre.command_line import SpanishParser
from urdimbre.errors import ExerciseError
from urdimbre.exercises import UNITS, Unit
from urdimbre.grading.nbgrader.notebooks import as_text, unit_notebook

COMMAND = "python -m urdimbre.grading.nbgrader.build"
STALE = "No está al día: {path}. Regenéralo con: {command} {unit}"
FRESH = "Los notebooks de {count} unidades están al día."
WRITTEN = "Escrito: {path}"
NOT_A_COURSE = (
    "No se encuentra «nbgrader_config.py» en {root}. Corre este comando desde la raíz del curso."
)
RELEASE_FAILED = "nbgrader no pudo generar la versión del estudiante de {unit}."


def course_config(root: Path) -> Config:
    """La configuración de ``nbgrader_config.py``, con otra raíz si se pide.

    Raises:
        ExerciseError: si ``root`` no es la raíz del curso.
    """
    if not (root / "nbgrader_config.py").is_file():
        raise ExerciseError(NOT_A_COURSE.format(root=root))
    return PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config()


def generated(root: Path, unit: Unit) -> dict[Path, str]:
    """Los archivos generados de una unidad: ruta desde la raíz -> texto."""
    config = course_config(root)
    relative = Path(unit.slug, f"{unit.slug}.ipynb")
    source = as_text(unit_notebook(unit, root / "solutions" / unit.slug))
    release = released(config, unit, source)
    return {Path("solutions", relative): source, Path("exercises", relative): release}


def released(config: Config, unit: Unit, source: str) -> str:
    """La versión del estudiante, hecha por nbgrader en una carpeta temporal."""
    config.SaveCells.enabled = False
    config.GenerateAssignment.no_database = True
    with tempfile.TemporaryDirectory() as folder:
        config.CourseDirectory.root = folder
        path = Path(folder, "solutions", unit.slug, f"{unit.slug}.ipynb")
        path.parent.mkdir(parents=True)
        path.write_text(source, encoding="utf-8")
        _generate_assignment(config, unit)
        return Path(folder, "exercises", *path.parts[-2:]).read_text(encoding="utf-8")


def _generate_assignment(config: Config, unit: Unit) -> None:
    config.CourseDirectory.assignment_id = unit.slug
    converter = GenerateAssignment(coursedir=CourseDirectory(config=config), config=config)
    with _quiet(converter.log):
        try:
            converter.start()
        except NbGraderException as error:
            raise ExerciseError(RELEASE_FAILED.format(unit=unit.slug)) from error


@contextmanager
def _quiet(log: logging.Logger) -> Iterator[None]:
    """Deja pasar solo los errores: lo demás es el relato interno de nbgrader."""
    before = log.level
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        log.setLevel(before)


def stale(root: Path, units: Iterable[Unit]) -> list[str]:
    """Un mensaje por archivo que falta o no es igual, byte por byte, al que se generaría."""
    return [
        STALE.format(path=path, command=COMMAND, unit=unit.slug)
        for unit in units
        for path, text in generated(root, unit).items()
        if not _same(root / path, text)
    ]


def _same(path: Path, text: str) -> bool:
    return path.is_file() and path.read_bytes() == text.encode("utf-8")


def write(root: Path, units: Iterable[Unit]) -> list[str]:
    """Escribe los archivos que no están al día; un mensaje por cada uno."""
    messages = []
    for unit in units:
        for path, text in generated(root, unit).items():
            if not _same(root / path, text):
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).write_bytes(text.encode("utf-8"))
                messages.append(WRITTEN.format(path=path))
    return messages


def main(arguments: Sequence[str] | None = None) -> int:
    """Punto de entrada: 0 si todo está al día o se escribió, 1 si falta algo, 2 si no se pudo."""
    options = _parser().parse_args(arguments)
    chosen = [unit for unit in UNITS if not options.units or unit.slug in options.units]
    root = Path(options.root).resolve()
    try:
        messages = (stale if options.check else write)(root, chosen)
    except ExerciseError as error:
        print(error, file=sys.stderr)
        return 2
    print("\n".join(messages) or FRESH.format(count=len(chosen)))
    return 1 if options.check and messages else 0


def _parser() -> SpanishParser:
    parser = SpanishParser(prog=COMMAND, description=__doc__.splitlines()[0])
    slugs = [unit.slug for unit in UNITS]
    parser.add_argument("units", nargs="*", metavar="unidad", help=", ".join(slugs))
    parser.add_argument("--check", action="store_true", help="solo compara; no escribe")
    parser.add_argument("--root", default=".", help="raíz del curso (por omisión, aquí)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
