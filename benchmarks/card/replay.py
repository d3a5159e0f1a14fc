"""Los kernels de un capítulo, en la tarjeta, con los argumentos con que el capítulo los corre.

Primero la página entera pasa por el simulador y se guardan los argumentos del primer lanzamiento
de cada kernel. Después, cada uno se repite en los dos lados desde esa copia. Un kernel en que
nuestro verificador encuentra algo no tiene un resultado definido, y no se compara.
"""

from __future__ import annotations

import ast
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from card import chapters

MOST_BYTES = 1 << 24  # un argumento más grande no se guarda: se espera otro lanzamiento

# Dan lo mismo en otro orden, que depende de cuál hilo llega antes.
ANY_ORDER = {("u06_scan_grid", "compact_ticket"), ("u01_execution_model", "arrival")}
TOLERANCE = {2: 2e-3, 4: 2e-5, 8: 1e-12}  # por bytes del real, en partes del mayor valor


@dataclass
class Launched:
    """Un lanzamiento: el kernel, su forma y sus argumentos de antes."""

    kernel: str
    grid: tuple[int, ...]
    block: tuple[int, ...]
    shared: int
    args: tuple[Any, ...]


@dataclass
class Watcher:
    """Observador que guarda el primer lanzamiento de cada kernel de una página.

    Attributes:
        scope: los nombres de la página: un kernel vale si es el que lleva ese nombre ahí.
    """

    scope: dict[str, Any]
    found: dict[str, Launched] = field(default_factory=dict)

    def launched(self, launch: Any, args: tuple[Any, ...]) -> None:
        """Lo llama el simulador antes de cada lanzamiento."""
        name = launch.kernel.name
        if name in self.found or self.scope.get(name) is not launch.kernel:
            return
        if sum(getattr(a, "nbytes", 0) for a in args) <= MOST_BYTES:
            copies = tuple(map(_copied, args))
            shape = launch.grid, launch.block, launch.shared_bytes
            self.found[name] = Launched(name, *shape, copies)


def _copied(value: Any) -> Any:
    if hasattr(value, "copy_to_host"):
        return value.copy_to_host()
    return value.copy() if isinstance(value, np.ndarray) else value


def pages(root: Path = chapters.ROOT) -> list[str]:
    """Las páginas del libro que tienen kernels."""
    names = sorted(path.stem for path in (root / "book").glob("*.md"))
    return [name for name in names if chapters.kernel_names(name, root)]


def launches(page: str, cuda: Any) -> dict[str, Launched]:
    """Corre una página con el ``cuda`` del simulador; da el primer lanzamiento de cada kernel."""
    from urdimbre import sim

    scope: dict[str, Any] = {"cuda": cuda, "__name__": page}
    watcher, path = Watcher(scope), chapters.path_of(page)
    with sim.observing(watcher), _quietly():
        for node in chapters.statements(path.read_text(encoding="utf-8")):
            if chapters.brings_numba(node):
                scope |= chapters.numba_names(node)
            else:
                exec(compile(ast.Module([node], []), str(path), "exec"), scope)
    return watcher.found


@contextmanager
def _quietly() -> Iterator[None]:
    """Sin lo que la página imprime ni las figuras que deja abiertas."""
    os.environ.setdefault("MPLBACKEND", "Agg")
    with (
        open(os.devnull, "w", encoding="utf-8") as nowhere,
        redirect_stdout(nowhere),
        redirect_stderr(nowhere),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        yield


# --- Repetir ---------------------------------------------------------------------------------


def run(page: str, launched: Launched, cuda: Any) -> tuple[Any, ...]:
    """Los argumentos después de un lanzamiento en ``cuda``."""
    kernel = chapters.load(page, cuda)[launched.kernel]
    args = tuple(
        cuda.to_device(np.ascontiguousarray(a)) if isinstance(a, np.ndarray) else a
        for a in launched.args
    )
    kernel[launched.grid, launched.block, 0, launched.shared](*args)
    cuda.synchronize()
    return tuple(a.copy_to_host() if hasattr(a, "copy_to_host") else a for a in args)


def undefined(page: str, launched: Launched, simulated: Any) -> bool:
    """Si el verificador encuentra algo en ese lanzamiento, o ni siquiera termina."""
    from urdimbre.errors import UrdimbreError
    from urdimbre.observe import sanitize

    kernel = chapters.load(page, simulated)[launched.kernel]
    configured = kernel[launched.grid, launched.block, 0, launched.shared]
    try:
        return bool(sanitize(configured, *map(_copied, launched.args)))
    except UrdimbreError:
        return True


def differences(page: str, launched: Launched, cuda: Any, simulated: Any) -> list[str]:
    """En qué difieren la tarjeta y el simulador; vacío si dan lo mismo."""
    pairs = zip(run(page, launched, cuda), run(page, launched, simulated), strict=True)
    free = (page, launched.kernel) in ANY_ORDER
    found = (difference(a, b, free) for a, b in pairs if isinstance(b, np.ndarray))
    return [f"{launched.kernel}: {text}" for text in found if text]


def difference(given: np.ndarray, wanted: np.ndarray, any_order: bool = False) -> str:
    """En qué difieren dos arreglos; los enteros deben ser iguales y los reales, casi."""
    if any_order:
        given, wanted = np.sort(given, axis=None), np.sort(wanted, axis=None)
    if wanted.dtype.kind not in "fc":
        return "" if np.array_equal(given, wanted) else "los enteros no son iguales"
    if not np.array_equal(np.isfinite(given), np.isfinite(wanted)):
        return "no son finitos los mismos"
    inside = np.isfinite(wanted)
    if not inside.any():
        return ""
    size = wanted.real.dtype.itemsize
    error = float(np.abs(given[inside] - wanted[inside]).max())
    limit = TOLERANCE[size] * max(1.0, float(np.abs(wanted[inside]).max()))
    return "" if error <= limit else f"difieren en {error:.1e} y se admite {limit:.1e}"
