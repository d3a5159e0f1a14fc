"""Comprobar, perfilar y registrar un lanzamiento con una sola llamada."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from urdimbre import sim
from urdimbre.compiler import Occupancy, occupancy
from urdimbre.errors import ArgumentError
from urdimbre.observe.activity import Activity
from urdimbre.observe.advice import Advice, advise
from urdimbre.observe.checks import EVERYWHERE, all_checks, collect
from urdimbre.observe.counters import Counters
from urdimbre.observe.findings import Finding
from urdimbre.observe.profile_data import profile_data
from urdimbre.observe.profile_html import profile_html
from urdimbre.observe.profile_text import profile_text
from urdimbre.observe.registers import Asked, Registers
from urdimbre.observe.roofline import Card, Roofline, card_named, under
from urdimbre.observe.tally import Tally
from urdimbre.observe.trace import Trace
from urdimbre.observe.watch import Watch
from urdimbre.sim.events import LaunchInfo


@dataclass(frozen=True, eq=False)
class Profile:
    """Las cuentas y los hallazgos de un lanzamiento; nunca muestra tiempo simulado.

    Attributes:
        launch: kernel, geometría y código.
        counters: ``Counters`` ya lleno; ``counters.total`` y ``counters.by_line``.
        findings: lo que encontraron las comprobaciones.
        compulsory_bytes: tráfico obligado de memoria global: cada sector, una vez.
        activity: qué carriles ejecutan cada línea.
        trace: los primeros accesos, para dibujarlos.
        card: la tarjeta con la que se compara, si se nombró una.
        compiled: los registros por hilo en esa tarjeta, y de dónde salen.
    """

    launch: LaunchInfo
    counters: Counters
    findings: list[Finding]
    compulsory_bytes: int = 0
    activity: Activity = field(default_factory=Activity)
    trace: Trace = field(default_factory=Trace)
    card: Card | None = None
    compiled: Registers = field(default_factory=Registers)

    @classmethod
    def of(cls, watch: Watch, card: Card | None, asked: Asked) -> Profile:
        """El perfil de lo que vieron unos observadores."""
        launch = watch.counters.launch
        return cls(
            launch, watch.counters, watch.findings, watch.footprint.bytes, watch.activity,
            watch.trace, card, asked.of(launch, card.capability) if card else Registers(),
        )  # fmt: skip

    @property
    def registers(self) -> int | None:
        """Registros por hilo, si se saben."""
        return self.compiled.count

    @property
    def total(self) -> Tally:
        """Las cuentas de todo el lanzamiento."""
        return self.counters.total

    @property
    def advice(self) -> list[Advice]:
        """Qué mejorar, según los umbrales publicados."""
        return advise(self.launch, self.counters.by_place, self.total)

    @property
    def moved_bytes(self) -> int:
        """Bytes de memoria global que se mueven si nada queda en caché: 32 por sector."""
        return self.total.moved_bytes

    @property
    def intensity(self) -> float:
        """FLOP por byte obligado: la mayor intensidad aritmética posible; 0.0 si no hay bytes."""
        return _per_byte(self.total.flop, self.compulsory_bytes)

    @property
    def moved_intensity(self) -> float:
        """FLOP por byte movido: la intensidad si la caché no sirviera de nada."""
        return _per_byte(self.total.flop, self.moved_bytes)

    @property
    def roofline(self) -> Roofline | None:
        """El lanzamiento bajo el techo de la tarjeta; ``None`` si no se nombró ninguna.

        Raises:
            ArgumentError: si calcula en float64 y la tarjeta no publica ese pico.
        """
        if self.card is None:
            return None
        return under(self.card, self.launch.kernel, self.total, self.compulsory_bytes)

    @property
    def occupancy(self) -> Occupancy | None:
        """La ocupación teórica en la tarjeta; ``None`` si no se nombró ninguna.

        Sin ``registers`` es una cota: lo que habría si los registros no limitaran.
        """
        if self.card is None:
            return None
        shared = self.launch.shared_bytes + self.launch.static_shared_bytes
        threads = math.prod(self.launch.block)
        return occupancy(threads, self.registers or 1, shared, self.card.capability)

    def to_dict(self) -> dict[str, Any]:
        """Todo el perfil con tipos que JSON entiende."""
        return profile_data(self)

    def __str__(self) -> str:
        return profile_text(self)

    def _repr_html_(self) -> str:
        return profile_html(self)


def _per_byte(flop: int, nbytes: int) -> float:
    return flop / nbytes if nbytes else 0.0


def sanitize(launch: Any, *args: Any, races: tuple[str, ...] = EVERYWHERE) -> list[Finding]:
    """Corre ``launch(*args)`` con todas las comprobaciones y devuelve lo que encontraron.

    Args:
        launch: un kernel con su configuración, ``kernel[malla, bloque]``.
        args: los argumentos del kernel; los arreglos de salida quedan escritos.
        races: en qué memorias busca carreras: ``"shared"``, ``"global"`` o las dos.

    Raises:
        ArgumentError: si ``launch`` no es un kernel configurado.
        KernelError: si el kernel no compila o falla al correr.
    """
    checks = all_checks(races)
    _run(launch, args, *checks)
    return collect(checks)


def profile(
    launch: Any, *args: Any, card: str | None = None, registers: int | str | None = None
) -> Profile:
    """Corre ``launch(*args)`` en el simulador y devuelve su ``Profile``.

    Args:
        launch, args: como en ``sanitize``.
        card: una de ``CARDS``, para dar también el techo y la ocupación.
        registers: registros por hilo; ``"compiler"`` se los pide al compilador, si está instalado.
            Si no se dice, se usan los grabados de los kernels del curso; de los demás, la ocupación
            es una cota.

    Raises:
        ArgumentError: si la tarjeta no está en ``CARDS``, y los errores de ``sanitize``.
        CompilerError: si se pide el compilador y no está.
    """
    chosen, watch, asked = card_named(card) if card else None, Watch(), Asked(registers)
    _run(launch, args, *watch.observers, *asked.observers)
    if watch.counters.launch is None:
        raise ArgumentError("El lanzamiento no corrió en el simulador: no hay nada que perfilar.")
    return Profile.of(watch, chosen, asked)


def record(launch: Any, *args: Any) -> Trace:
    """Corre ``launch(*args)`` en el simulador y devuelve su ``Trace``, para dibujarla.

    Los argumentos y los errores son los de ``sanitize``.
    """
    trace = Trace()
    _run(launch, args, trace)
    return trace


def _run(launch: Any, args: tuple, *observers: Any) -> None:
    launch = _simulated(launch)
    with sim.observing(*observers):
        launch(*args)


def _simulated(launch: Any) -> Any:
    """El lanzamiento en el simulador, también si viene de la Numba real."""
    if hasattr(launch, "dispatcher"):
        kernel = sim.as_kernel(launch.dispatcher)
        return kernel[launch.griddim, launch.blockdim, launch.stream, launch.sharedmem]
    if not (callable(launch) and hasattr(launch, "grid")):
        raise ArgumentError(
            "Falta la configuración de lanzamiento: escribe kernel[malla, bloque] "
            f"como primer argumento, no {type(launch).__name__}."
        )
    return launch
