"""El techo (*roofline*): qué limita a un kernel en una tarjeta, la memoria o el cálculo.

Con intensidad aritmética ``I`` (FLOP por byte), una tarjeta con pico ``P`` y ancho de banda ``B``
no pasa de ``min(P, I * B)``. No es una predicción: es lo más que se podría esperar. Los bytes son
el tráfico obligado, así que la intensidad es la mayor posible. Fuente: Williams, Waterman y
Patterson, «Roofline», CACM 52(4), 2009.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from urdimbre import sim
from urdimbre.errors import ArgumentError
from urdimbre.observe.counters import Counters
from urdimbre.observe.footprint import Footprint
from urdimbre.observe.tally import Tally


@dataclass(frozen=True)
class Card:
    """Los picos que publica el fabricante.

    Attributes:
        single, double: FLOP por segundo en float32 y float64, sin núcleos tensoriales; ``None``
            si la hoja de datos no lo da.
        bandwidth: bytes por segundo de la memoria global.
        capability: la capacidad de cómputo, para la ocupación.
        source: de dónde salen.
    """

    name: str
    single: float
    double: float | None
    bandwidth: float
    source: str
    capability: str


TERA, GIGA = 1e12, 1e9
CARDS: dict[str, Card] = {
    c.name: c
    for c in (
        Card(
            "A100", 19.5 * TERA, 9.7 * TERA, 2039 * GIGA, "NVIDIA A100 Datasheet, SXM, 80 GB", "8.0"
        ),
        Card("L4", 30.3 * TERA, None, 300 * GIGA, "NVIDIA L4 Tensor Core GPU Datasheet", "8.9"),
        Card("H100", 67 * TERA, 34 * TERA, 3350 * GIGA, "NVIDIA H100 Datasheet, SXM", "9.0"),
        Card("H200", 67 * TERA, 34 * TERA, 4800 * GIGA, "NVIDIA H200 Datasheet, SXM", "9.0"),
    )
}


@dataclass(frozen=True)
class Roofline:
    """Un lanzamiento bajo el techo de una tarjeta.

    Attributes:
        kernel: su nombre.
        flop: sumas y productos de flotantes; una FMA son dos.
        compulsory_bytes: el tráfico obligado de memoria global.
        requested_bytes: lo que se mueve si nada queda en caché: 32 B por sector pedido.
        double: si la mayoría se calcula en float64.
    """

    kernel: str
    flop: int
    compulsory_bytes: int
    requested_bytes: int
    card: Card
    double: bool = False

    @property
    def intensity(self) -> float:
        """FLOP por byte obligado; 0.0 si no movió nada."""
        return self.flop / self.compulsory_bytes if self.compulsory_bytes else 0.0

    @property
    def requested_intensity(self) -> float:
        """FLOP por byte pedido: la intensidad si la caché no sirviera de nada."""
        return self.flop / self.requested_bytes if self.requested_bytes else 0.0

    @property
    def peak(self) -> float:
        """FLOP por segundo de la tarjeta en el tipo del kernel."""
        return self.card.double if self.double else self.card.single

    @property
    def ridge(self) -> float:
        """La intensidad desde la que limita el cálculo."""
        return self.peak / self.card.bandwidth

    @property
    def ceiling(self) -> float:
        """FLOP por segundo que el techo permite con esta intensidad."""
        return min(self.peak, self.intensity * self.card.bandwidth)

    @property
    def bound(self) -> str:
        """``"memory"`` o ``"compute"``: qué limita."""
        return "memory" if self.intensity < self.ridge else "compute"

    def __str__(self) -> str:
        limits = {"memory": "la memoria", "compute": "el cálculo"}[self.bound]
        return (
            f"«{self.kernel}» en una {self.card.name}: {self.flop} FLOP y al menos "
            f"{self.compulsory_bytes} B, {_real(self.intensity)} FLOP por byte. La tarjeta cambia "
            f"de límite en {_real(self.ridge)}: aquí limita {limits}, y el techo es "
            f"{_real(self.ceiling / TERA)} TFLOP/s ({_real(100 * self.ceiling / self.peak)} % del "
            f"pico). Fuente de los picos: {self.card.source}."
        )


def roofline(launch: Any, *args: Any, card: str = "H100") -> Roofline:
    """Corre ``launch(*args)`` en el simulador y lo pone bajo el techo de ``card``.

    Raises:
        ArgumentError: si la tarjeta no está en ``CARDS``, o no publica el pico de float64 que el
            kernel necesita.
        KernelError: si el kernel no compila o falla al correr.
    """
    counters, footprint = Counters(), Footprint()
    chosen = card_named(card)
    with sim.observing(counters, footprint):
        launch(*args)
    name = counters.launch.kernel if counters.launch else "kernel"
    return under(chosen, name, counters.total, footprint.bytes)


def under(card: Card, kernel: str, total: Tally, compulsory: int) -> Roofline:
    """Unas cuentas ya hechas bajo el techo de ``card``; ``compulsory`` son bytes.

    Raises:
        ArgumentError: si la tarjeta no publica el pico de float64 y hace falta.
    """
    double = total.flop_double > total.flop_single + total.flop_half
    if double and card.double is None:
        raise ArgumentError(f"La hoja de datos de la {card.name} no da su pico en float64.")
    return Roofline(kernel, total.flop, compulsory, total.moved_bytes, card, double)


def card_named(name: str) -> Card:
    """Los picos de una tarjeta.

    Raises:
        ArgumentError: si no está en ``CARDS``.
    """
    if name not in CARDS:
        raise ArgumentError(f"No hay picos de «{name}». Las que hay: {', '.join(CARDS)}.")
    return CARDS[name]


def _real(value: float) -> str:
    """Tres cifras significativas, con coma."""
    return f"{value:.3g}".replace(".", ",")
