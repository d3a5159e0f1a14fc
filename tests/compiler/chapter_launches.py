"""Corre las celdas de los capítulos en el simulador y escribe los kernels que lanzan.

Se usa como programa: ``python chapter_launches.py PÁGINA…`` escribe un ``pickle`` en su salida.
"""

from __future__ import annotations

import contextlib
import linecache
import os
import pickle
import sys
import warnings
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import course_kernels
import jupytext

import urdimbre
from urdimbre import sim
from urdimbre.compiler.jobs import Recorder


def main(pages: list[str]) -> None:
    """Escribe la lista de ``CourseKernel`` de esas páginas."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    warnings.simplefilter("ignore")
    urdimbre.enable("sim", quiet=True)
    found = [kernel for page in pages for kernel in kernels_of(Path(page))]
    out.write(pickle.dumps(found))
    out.close()


def kernels_of(page: Path) -> list[Any]:
    """Los kernels de una página, en el orden en que se lanzan."""
    recorder, scope = Recorder(), {"__name__": "__main__"}
    for number, cell in enumerate(jupytext.read(page).cells):
        if cell.cell_type == "code":
            run_cell(cell, f"<{page.stem} {number}>", scope, recorder)
    seen: dict[str, int] = {}
    found = []
    for job in recorder.jobs:
        seen[job.kernel.name] = times = seen.get(job.kernel.name, 0) + 1
        name = f"{page.stem}/{job.kernel.name}" + (f"#{times}" if times > 1 else "")
        found.append(course_kernels.of_job(name, "chapter", job))
    return found


def run_cell(cell: Any, name: str, scope: dict[str, Any], recorder: Recorder) -> None:
    """Una celda, sin sus órdenes de IPython; puede fallar solo si lo anuncia."""
    lines = ["" if line.startswith(("%", "!")) else line for line in cell.source.splitlines()]
    linecache.cache[name] = (0, None, [line + "\n" for line in lines], name)
    expected = "raises-exception" in cell.metadata.get("tags", ())
    failures = (Exception,) if expected else ()
    with sim.observing(recorder), contextlib.suppress(*failures):
        exec(compile("\n".join(lines), name, "exec"), scope)
    if "plt" in sys.modules or "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")


if __name__ == "__main__":
    main(sys.argv[1:])
