"""Los registros por hilo de un kernel y de dónde salen: sin ellos, la ocupación es una cota.

Hay tres fuentes. Quien perfila puede darlos; la grabación del compilador los tiene para los kernels
del curso, y leerla no cuesta nada; y el compilador, donde está instalado, los da en uno a tres
segundos por kernel: por eso hay que pedirlo.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from urdimbre.compiler import recorded
from urdimbre.errors import ArgumentError
from urdimbre.sim.events import LaunchInfo

COMPILER = "compiler"
NOT_A_COUNT = (
    "registers es un número de registros por hilo, de 1 a 255, o «compiler»; no {given!r}."
)

# De dónde salen -> cómo se dice.
NOTES = {
    "given": "Con {count} registros por hilo, los que diste.",
    "recorded": (
        "Con {count} registros por hilo, según el compilador: es lo grabado para este texto, con "
        "los tipos del curso."
    ),
    COMPILER: "Con {count} registros por hilo, según el compilador instalado.",
    "refused": "Es una cota: el compilador no aceptó el kernel; «urdimbre compilar» dice por qué.",
    "": (
        "Es una cota: los registros son un supuesto, que no limitan. El número lo da el "
        'compilador: pídelo con registers="compiler" (--registros compilador), o dalo tú.'
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Registers:
    """Cuántos registros usa un hilo; ``count`` es ``None`` si no se sabe.

    Attributes:
        source: una clave de ``NOTES``.
    """

    count: int | None = None
    source: str = ""

    @property
    def note(self) -> str:
        """De dónde sale el número, o por qué no hay, en una o dos frases."""
        return NOTES[self.source].format(count=self.count)


class Asked:
    """Lo que se pidió al perfilar: un número, ``"compiler"`` o nada.

    Attributes:
        observers: lo que hay que conectar al lanzamiento para poder responder.

    Raises:
        ArgumentError: si no es ninguna de las tres cosas.
    """

    def __init__(self, given: int | str | None) -> None:
        count = type(given) is int and 0 < given < 256
        if not (count or given in (None, COMPILER)):
            raise ArgumentError(NOT_A_COUNT.format(given=given))
        self.given = given
        self.observers = (_recorder(),) if given == COMPILER else ()

    def launched(self, launch: Any, args: tuple[Any, ...]) -> None:
        """Anota un lanzamiento, para compilarlo después."""
        for observer in self.observers:
            observer.launched(launch, args)

    def of(self, launch: LaunchInfo, capability: str) -> Registers:
        """Los registros de un kernel en una capacidad de cómputo."""
        if self.given is None:
            return from_recording("\n".join(launch.source), capability)
        if self.given == COMPILER:
            return self._compiled(launch, capability)
        return Registers(self.given, "given")

    def _compiled(self, launch: LaunchInfo, capability: str) -> Registers:
        own = (launch.origin, launch.first_line, launch.kernel)
        jobs = [job for job in self.observers[0].jobs if _place(job.kernel.definition) == own]
        return _from_compiler(jobs[-1], capability) if jobs else Registers(source="refused")


def _place(definition: Any) -> tuple:
    return definition.origin, definition.first_line, definition.name


def from_recording(text: str, capability: str) -> Registers:
    """Lo grabado de un kernel con ese texto; nada si falta, o si no es siempre lo mismo.

    El mismo texto con otras constantes u otros tipos puede usar otros registros.
    """
    wanted = recorded.digest(text)
    rows = (row for row in recorded.recording()["kernels"].values() if row["digest"] == wanted)
    counts = {row["usages"][capability][0] for row in rows if capability in row["usages"]}
    return Registers(counts.pop(), "recorded") if len(counts) == 1 else Registers()


def _recorder() -> Any:
    """Lo que anota qué compilar.

    Raises:
        CompilerError: si el compilador no está instalado.
    """
    from urdimbre.compiler.jobs import Recorder
    from urdimbre.compiler.toolchain import toolchain

    toolchain().require()
    return Recorder()


def _from_compiler(job: Any, capability: str) -> Registers:
    from urdimbre.compiler.client import compile_in_worker
    from urdimbre.compiler.usage import usage

    cc = tuple(map(int, capability.split(".")))
    answer = compile_in_worker(job.frozen, job.types, (cc,))
    if not answer["compiles"]:
        return Registers(source="refused")
    build = answer["builds"][cc]
    return Registers(usage(build["log"], build["ptx"]).registers, COMPILER)
