"""Qué se pide compilar: un kernel congelado, los tipos de sus argumentos y el tamaño del bloque."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from urdimbre.compiler.freeze import freeze
from urdimbre.compiler.spelling import spell
from urdimbre.errors import ArgumentError, UrdimbreError
from urdimbre.sim.host.kernel import Kernel, as_kernel

THREADS = 256  # por bloque, si no se dice
NO_SIGNATURE = (
    "Faltan los tipos de «{name}»: da los argumentos del lanzamiento en una tupla, o una firma "
    'como "void(float32[:], float32[:])".'
)


@dataclass(frozen=True, eq=False)
class Job:
    """Una petición al compilador.

    Attributes:
        kernel: el kernel del simulador.
        frozen: el kernel como datos, con los valores que sus nombres tenían al pedirlo.
        types: la firma escrita, o un código por argumento (``spelling``).
        threads, shared_bytes: hilos y memoria compartida dinámica de un bloque.
    """

    kernel: Kernel
    frozen: dict[str, Any]
    types: Any
    threads: int = THREADS
    shared_bytes: int = 0


def job_of(
    kernel: Any, given: Any = None, *, threads: int | None = None, shared_bytes: int | None = None
) -> Job:
    """La petición; los argumentos son los de ``compile_report``.

    Raises:
        ArgumentError: si faltan los tipos o no se entienden.
    """
    made, block, dynamic = _unwrapped(kernel)
    dynamic = dynamic if shared_bytes is None else shared_bytes
    return Job(made, freeze(made), _types(made, given), threads or block or THREADS, dynamic)


def _unwrapped(kernel: Any) -> tuple[Kernel, int, int]:
    """El kernel, los hilos de su bloque y su memoria dinámica; ceros si no se configuró."""
    block = getattr(kernel, "block", None) or getattr(kernel, "blockdim", None)
    if block is None:
        return as_kernel(kernel), 0, 0
    inner = getattr(kernel, "kernel", None) or kernel.dispatcher
    dynamic = getattr(kernel, "shared_bytes", None) or getattr(kernel, "sharedmem", 0)
    x, y, z = (*block, 1, 1)[:3]
    return as_kernel(inner), x * y * z, int(dynamic or 0)


def _types(kernel: Kernel, given: Any) -> Any:
    if given is None and kernel.signatures:
        given = kernel.signatures[0]
    if given is None and kernel.definition.node.args.args:
        raise ArgumentError(NO_SIGNATURE.format(name=kernel.name))
    if isinstance(given, str):
        return given
    args = () if given is None else getattr(given, "args", given)
    return tuple(map(spell, args if isinstance(args, tuple | list) else (args,)))


class Recorder:
    """Observador: una petición por cada kernel y cada juego de tipos que un programa lanza.

    Attributes:
        jobs: las peticiones, en el orden en que aparecieron; de cada una, el último bloque.
    """

    def __init__(self) -> None:
        self._jobs: dict[tuple, Job] = {}

    @property
    def jobs(self) -> tuple[Job, ...]:
        return tuple(self._jobs.values())

    def launched(self, launch: Any, args: tuple[Any, ...]) -> None:
        """Anota un lanzamiento; los que no se pueden pedir los explica el propio lanzamiento."""
        definition = launch.kernel.definition
        where = (definition.origin, definition.first_line, definition.name)
        try:
            types = tuple(map(spell, args))
            key = (*where, launch.kernel.source, types)
            if key not in self._jobs or launch.shared_bytes != self._jobs[key].shared_bytes:
                self._jobs[key] = job_of(launch, None if launch.kernel.signatures else args)
        except UrdimbreError:
            return
