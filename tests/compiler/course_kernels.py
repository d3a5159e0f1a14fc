"""Todos los kernels del curso, listos para el compilador: soluciones, variantes y capítulos.

Los de los ejercicios se leen de su archivo, con los tipos de sus casos. Los de los capítulos se
recogen mientras las celdas corren en el simulador, en otro proceso: cada lanzamiento dice con qué
tipos y con qué bloque. Lo recogido se guarda mientras no cambien las celdas ni la biblioteca.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jupytext

ROOT = Path(__file__).resolve().parents[2]
LAUNCHES = Path(__file__).with_name("chapter_launches.py")


@dataclass(frozen=True, eq=False)
class CourseKernel:
    """Un kernel del curso.

    Attributes:
        id: ``u04_shared_memory/transpose_tiled``; con ``#2`` si se lanza con otros tipos.
        kind: ``solution``, ``variant`` o ``chapter``.
        frozen, types: lo que recibe el compilador.
        text: el código.
        threads, shared_bytes: de su bloque; la memoria es la dinámica.
        accesses: los que su código escribe, o ``None`` si el simulador lo rechaza.
    """

    id: str
    kind: str
    frozen: dict[str, Any]
    types: Any
    text: str
    threads: int
    shared_bytes: int
    accesses: Any = None

    @property
    def doubles(self) -> bool:
        """Si algún argumento es de doble precisión: entonces calcular en ella es lo debido."""
        return any("8" in str(code[1]) and "f8" in str(code[1]) for code in self.types)


# --- Ejercicios ------------------------------------------------------------------------------


def of_exercises() -> list[CourseKernel]:
    """Las soluciones y las variantes honestas, con los tipos de los casos de cada ejercicio."""
    from urdimbre.exercises import CATALOG

    found = []
    for exercise in (e for e in CATALOG if e.subject == "kernel"):
        solution = ROOT / "solutions" / exercise.unit / f"{exercise.id}.py"
        variants = sorted((ROOT / "tests/variants" / exercise.unit / exercise.id).glob("*.py"))
        for kind, path in [("solution", solution), *(("variant", v) for v in variants)]:
            found += _of_program(exercise, kind, path)
    return found


def _of_program(exercise: Any, kind: str, path: Path) -> list[CourseKernel]:
    from urdimbre.grading.compiled import jobs_of
    from urdimbre.sim.reading.loader import load_source

    names = load_source(path.read_text(encoding="utf-8"), str(path))
    kernels = {symbol: names[symbol] for symbol in exercise.symbols}
    obj = kernels if len(kernels) > 1 else kernels[exercise.symbol]
    base = f"{exercise.unit}/{exercise.id}" + ("" if kind == "solution" else f"/{path.stem}")
    many = len(exercise.symbols) > 1
    return [
        of_job(f"{base}/{name}" if many else base, kind, job)
        for name, job in jobs_of(exercise, obj).items()
    ]


def of_job(name: str, kind: str, job: Any) -> CourseKernel:
    """El kernel de una petición al compilador."""
    return CourseKernel(
        name, kind, job.frozen, job.types, job.kernel.source, job.threads, job.shared_bytes,
        _accesses(job),
    )  # fmt: skip


def _accesses(job: Any) -> Any:
    from urdimbre.compiler.advice import simulator_types
    from urdimbre.compiler.one_to_one import source_accesses
    from urdimbre.errors import UrdimbreError

    try:
        return source_accesses(job.kernel.compile(simulator_types(job.types)).function)
    except UrdimbreError:
        return None


# --- Capítulos -------------------------------------------------------------------------------


def of_chapters(store: Any = None) -> list[CourseKernel]:
    """Los kernels que las celdas de los capítulos lanzan.

    Args:
        store: la memoria de pytest entre corridas; sin ella, se ejecuta todo.
    """
    from urdimbre.course.book import LIBRARY, digest
    from urdimbre.course.chapters import chapters

    pages = [ROOT / page for page in chapters(ROOT) if page.stem.startswith("u")]
    key = digest(ROOT, LIBRARY) + "".join(map(_code, pages))
    key = hashlib.sha256(key.encode()).hexdigest()[:24]
    folder = Path(store.mkdir("urdimbre-kernels")) if store else None
    saved = folder / f"{key}.pickle" if folder else None
    if saved is None or not saved.is_file():
        data = _run(pages)
        if saved is None:
            return pickle.loads(data)
        saved.write_bytes(data)
    return pickle.loads(saved.read_bytes())


def _code(page: Path) -> str:
    return "\n".join(c.source for c in jupytext.read(page).cells if c.cell_type == "code")


def _run(pages: list[Path]) -> bytes:
    """Ejecuta las páginas en un proceso aparte, para no tocar el ``numba.cuda`` de este."""
    environment = os.environ | {"MPLBACKEND": "Agg", "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(
        [sys.executable, str(LAUNCHES), *map(str, pages)],
        capture_output=True, env=environment, timeout=900,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr.decode("utf-8", "replace")[-3000:])
    return done.stdout
