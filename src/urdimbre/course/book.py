"""Construir el libro: todo desde cero y sin perdonar nada, o solo si algo cambió.

python -m urdimbre.course.book [--estricto]
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from importlib.util import find_spec
from pathlib import Path

from urdimbre.command_line import SpanishParser
from urdimbre.course.chapters import course_root
from urdimbre.errors import CourseError

JUPYTER_BOOK = "from jupyter_book.cli.main import main; main()"
STRICT = ("-W", "-n", "--keep-going")
# Lo que aparece en las páginas. Si cambia la biblioteca o hay otra corrida grabada, cambian los
# resultados de las celdas.
SOURCES = ("book", "ext", "_config.yml", "_toc.yml")
LIBRARY = ("src", "benchmarks/results")
IGNORED = {"__pycache__", ".ipynb_checkpoints"}

# Lo que Sphinx escribe al avanzar -> cómo se cuenta aquí.
PROGRESS = (
    (re.compile(r"reading sources\.\.\. \[ *(\d+)%\] (\S+)"), "  leyendo y ejecutando {1} ({0} %)"),
    (re.compile(r"writing output\.\.\. \[ *(\d+)%\] (\S+)"), "  escribiendo {1} ({0} %)"),
)
PROBLEM = re.compile(r"WARNING:|ERROR:|^[\w.]+(Error|Exception|NotFound): \S")
COLOR = re.compile(r"\x1b\[[0-9;]*m")

FAILED = """El libro no se pudo construir. El registro completo está en {log}. Termina así:

{tail}"""
READ_ONLY = (
    "No se puede escribir en {path}: el libro no se construye en una carpeta de solo lectura."
)
NOT_WRITABLE = (errno.EACCES, errno.EPERM, errno.EROFS)
MISSING = "Falta jupyter-book. Instálalo con «make abrir», o con: pip install -r requirements.txt"


def page(root: Path) -> Path:
    """La primera página del libro construido."""
    return root / "_build" / "html" / "index.html"


def is_current(root: Path) -> bool:
    """Si el libro construido corresponde a lo que hay ahora."""
    return page(root).is_file() and _built(root) == _stamps(root)


def build(root: Path, *, strict: bool = False, report: Callable[[str], None] = print) -> Path:
    """Construye el libro si algo cambió desde la última vez; con ``strict``, siempre y desde cero.

    Args:
        root: raíz del curso.
        strict: también convierte toda advertencia en error.
        report: recibe cada línea de avance.

    Returns:
        La primera página.

    Raises:
        CourseError: si falta jupyter-book, la carpeta es de solo lectura o una celda falla.
    """
    if find_spec("jupyter_book") is None:
        raise CourseError(MISSING)
    if not strict and is_current(root):
        return page(root)
    stamps = _stamps(root)
    try:
        if strict or _built(root).get("library") != stamps["library"]:
            shutil.rmtree(root / "_build", ignore_errors=True)
        _run(root, STRICT if strict else (), report)
        _stamp(root).write_text("\n".join(stamps.values()), encoding="utf-8")
    except OSError as error:
        if error.errno not in NOT_WRITABLE:
            raise
        raise CourseError(READ_ONLY.format(path=error.filename)) from error
    return page(root)


def _run(root: Path, flags: Sequence[str], report: Callable[[str], None]) -> None:
    log = root / "_build" / "libro.log"
    log.parent.mkdir(exist_ok=True)
    command = [sys.executable, "-c", JUPYTER_BOOK, "build", ".", *flags]
    with log.open("w", encoding="utf-8") as file:
        process = subprocess.Popen(
            command, cwd=root, env=_environment(), stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", errors="replace",
        )  # fmt: skip
        for line in process.stdout:
            plain = COLOR.sub("", line)
            file.write(plain)
            _report_progress(plain, report)
    if process.wait():
        tail = "\n".join(_relevant(log.read_text(encoding="utf-8").splitlines()))
        raise CourseError(FAILED.format(log=log, tail=tail))


def _environment() -> dict[str, str]:
    """El del proceso, con los núcleos de Jupyter de este entorno y páginas sin líneas de avance."""
    ours = {
        "JUPYTER_PREFER_ENV_PATH": "1",
        "PYTHONIOENCODING": "utf-8",
        "URDIMBRE_SIN_AVANCE": "1",
    }
    return os.environ | ours


def _report_progress(line: str, report: Callable[[str], None]) -> None:
    for piece in line.split("\r"):
        for pattern, text in PROGRESS:
            found = pattern.search(piece)
            if found:
                report(text.format(*found.groups()))


def _relevant(lines: Sequence[str]) -> list[str]:
    """Las advertencias y los errores, o el final si no hay ninguno."""
    return ([line for line in lines if PROBLEM.search(line)] or list(lines))[-25:]


# --- ¿Cambió algo? ---------------------------------------------------------------------------


def digest(root: Path, names: Iterable[str]) -> str:
    """Resumen de los archivos de esas carpetas: nombre y contenido."""
    total = hashlib.sha256()
    for path in _files(root, names):
        total.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


def _files(root: Path, names: Iterable[str]) -> list[Path]:
    found = []
    for name in names:
        base = root / name
        found += [base] if base.is_file() else base.rglob("*")
    return sorted(path for path in found if path.is_file() and not _ignored(path, root))


def _ignored(path: Path, root: Path) -> bool:
    parts = path.relative_to(root).parts
    return bool(IGNORED.intersection(parts)) or any(part.endswith(".egg-info") for part in parts)


def _stamps(root: Path) -> dict[str, str]:
    return {"library": digest(root, LIBRARY), "sources": digest(root, SOURCES)}


def _stamp(root: Path) -> Path:
    return root / "_build" / "construido.txt"


def _built(root: Path) -> dict[str, str]:
    if not _stamp(root).is_file():
        return {}
    return dict(
        zip(("library", "sources"), _stamp(root).read_text(encoding="utf-8").split(), strict=False)
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Punto de entrada: 0 si el libro quedó construido, 1 si no."""
    parser = SpanishParser(
        prog="python -m urdimbre.course.book", description=__doc__.splitlines()[0]
    )
    parser.add_argument(
        "--estricto", action="store_true", help="desde cero, y toda advertencia es un error"
    )
    options = parser.parse_args(arguments)
    try:
        print(f"Libro: {build(course_root(), strict=options.estricto)}")
    except CourseError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
