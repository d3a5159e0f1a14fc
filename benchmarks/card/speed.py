"""La velocidad: eventos de CUDA, calentamiento, y peldaños y fabricante intercalados.

En cada repetición pasan todos, uno tras otro, así que lo que cambie en la tarjeta durante la
corrida (temperatura, reloj) les toca a todos. De cada uno se guarda la mediana y el recorrido.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from card import running, vendors
from card.ladders import Ladder, Rung
from card.records import Record
from urdimbre.compiler.recorded import digest

REPETITIONS = 7
BATCH = 0.02  # segundos por medición: la espera del primer lanzamiento no llega al 1 %
MOST = 200  # lanzamientos por medición
SMALLEST = 1024  # el menor tamaño con que se mide
SLOW = 3.0  # segundos: lo más lento se mide menos veces


@dataclass
class Contender:
    """Lo que se mide: un peldaño o una referencia.

    Attributes:
        launch: lanza una vez, sin esperar.
        seconds: por lanzamiento, una por repetición.
        host: lo que tardó el anfitrión en pedir cada lanzamiento: si es lo mismo, lo que se midió
            es lo que tarda lanzar, no el kernel.
        digests: kernel -> resumen de su texto, para saber después si cambió.
        why: por qué no se midió; vacío si se midió.
        moved: bytes por lanzamiento, si es la copia con que se mide el ancho de banda.
    """

    name: str
    label: str
    role: str
    launch: Callable[[], Any] | None = None
    launches: int = 1
    seconds: list[float] = field(default_factory=list)
    host: list[float] = field(default_factory=list)
    digests: dict[str, str] = field(default_factory=dict)
    why: str = ""
    moved: int = 0

    def entry(self) -> dict[str, Any]:
        """Su fila del resultado."""
        row = {"name": self.name, "label": self.label, "role": self.role}
        row |= {"digests": self.digests} if self.digests else {}
        if self.why or not self.seconds:
            return row | {"status": "failed", "why": self.why or "no llegó a medirse"}
        return row | {"status": "ok", "seconds": self.spread()}

    def spread(self) -> dict[str, Any]:
        """Mediana, menor y mayor de las repeticiones."""
        return {
            "median": statistics.median(self.seconds), "min": min(self.seconds),
            "max": max(self.seconds), "host": statistics.median(self.host),
            "runs": len(self.seconds), "launches": self.launches,
        }  # fmt: skip


def measure(ladder: Ladder, cuda: Any, record: Record, repetitions: int = REPETITIONS) -> None:
    """Mide una escalera y la guarda, fila por fila."""
    size, args = prepared(ladder, cuda)
    contenders = _rungs(ladder, size, cuda, args) + _vendors(ladder, cuda, args)
    save(ladder, size, contenders, record)  # lo de una corrida anterior ya no vale
    for contender in contenders:
        attempt(contender, lambda c=contender: warm(c, cuda))
    for _ in range(repetitions):
        for contender in contenders:
            if len(contender.seconds) < allowed(contender, repetitions):
                attempt(contender, lambda c=contender: timed(c, cuda))
        save(ladder, size, contenders, record)
    record.finish(ladder.name)


def attempt(contender: Contender, action: Callable[[], Any]) -> None:
    """Hace algo con uno; si falla, queda dicho y los demás siguen."""
    if contender.why:
        return
    try:
        action()
    except Exception as error:  # una tarjeta y cinco bibliotecas fallan de muchas maneras
        contender.why = reason(error)


def reason(error: Exception) -> str:
    """Un error en una línea."""
    return f"{type(error).__name__}: {error}".splitlines()[0][:300]


def save(ladder: Ladder, size: int, contenders: list[Contender], record: Record) -> None:
    """Escribe la escalera en el registro, con lo medido hasta ahora."""
    record.replace(
        ladder.name, [contender.entry() for contender in contenders], title=ladder.title,
        limit=ladder.limit, size=size, moved=ladder.moved(size), flop=ladder.flop(size),
        copy_bandwidth=bandwidth(contenders),
    )  # fmt: skip


def bandwidth(contenders: list[Contender]) -> float | None:
    """Bytes por segundo de la copia de referencia; ``None`` si no se midió."""
    copies = (c for c in contenders if c.moved and c.seconds and not c.why)
    return next((c.moved / statistics.median(c.seconds) for c in copies), None)


def prepared(ladder: Ladder, cuda: Any) -> tuple[int, tuple]:
    """El tamaño que cabe, y los argumentos en la tarjeta; si la memoria no alcanza, la mitad.

    La memoria libre puede estar en pedazos, o tomarla otro proceso después de preguntar.
    """
    size = fit(ladder, int(cuda.current_context().get_memory_info().free))
    while True:
        try:
            return size, running.on_device(ladder.case(size), cuda)
        except Exception as error:
            if size <= SMALLEST or not out_of_memory(error):
                raise
            size //= 2


def out_of_memory(error: Exception) -> bool:
    """Si lo que falló fue pedir memoria, del anfitrión o de la tarjeta."""
    return isinstance(error, MemoryError) or "OUT_OF_MEMORY" in str(error).upper()


def fit(ladder: Ladder, free: int) -> int:
    """El tamaño de la escalera, o la mitad de la mitad hasta que quepa tres veces en la memoria."""
    size = ladder.size
    while size > SMALLEST and 3 * ladder.moved(size) > free:
        size //= 2
    return size


def allowed(contender: Contender, repetitions: int) -> int:
    """Cuántas repeticiones: tres para lo muy lento."""
    slow = bool(contender.seconds) and contender.seconds[0] * contender.launches > SLOW
    return min(repetitions, 3) if slow else repetitions


# --- Preparar --------------------------------------------------------------------------------


def _rungs(ladder: Ladder, size: int, cuda: Any, args: tuple) -> list[Contender]:
    kernels = running.kernels_of(ladder, cuda)
    found = []
    for rung in ladder.rungs:
        contender = Contender(rung.name, rung.name, "rung")
        attempt(
            contender, lambda c=contender, r=rung: _ready(c, ladder, r, size, kernels, cuda, args)
        )
        found.append(contender)
    return found


def _ready(
    contender: Contender, ladder: Ladder, rung: Rung, size: int, kernels: dict, cuda: Any,
    args: tuple,
) -> None:  # fmt: skip
    """Un peldaño se mide solo si antes da bien el más grande de sus tamaños de comprobación."""
    proof = running.error_of(ladder, rung, ladder.sizes_of(rung)[-1], kernels, cuda)
    if not proof["right"]:
        raise ValueError(f"con tamaño {proof['size']} da mal: error {proof['error']}")
    contender.launch = running.launcher(rung, size, kernels, args)
    contender.digests = {
        f"{ladder.chapter}/{step.kernel}": digest(source_of(kernels[step.kernel]))
        for step in rung.steps(size)
    }


def source_of(kernel: Any) -> str:
    """El texto de un kernel, del simulador o de Numba."""
    from urdimbre.sim.host.kernel import as_kernel

    return as_kernel(kernel).source


def _vendors(ladder: Ladder, cuda: Any, args: tuple) -> list[Contender]:
    found = []
    for vendor in map(vendors.BY_NAME.get, ladder.vendor):
        contender = Contender(vendor.name, vendor.label, "vendor")
        attempt(contender, lambda c=contender, v=vendor: _prepare(c, v, cuda, args))
        found.append(contender)
    return found


def _prepare(contender: Contender, vendor: Any, cuda: Any, args: tuple) -> None:
    contender.launch, contender.moved = vendor.prepare(cuda, args), vendor.moved(cuda)


# --- Medir -----------------------------------------------------------------------------------


def warm(contender: Contender, cuda: Any) -> None:
    """Compila y calienta, y decide cuántos lanzamientos van en cada medición."""
    contender.launch()
    cuda.synchronize()
    timed(contender, cuda)
    contender.launches = max(1, min(MOST, round(BATCH / max(contender.seconds[0], 1e-9))))
    timed(contender, cuda)
    contender.seconds, contender.host = [], []


def timed(contender: Contender, cuda: Any) -> None:
    """Anota los segundos por lanzamiento, según dos eventos, y los que tardó el anfitrión."""
    before, after = cuda.event(), cuda.event()
    before.record()
    start = time.perf_counter()
    for _ in range(contender.launches):
        contender.launch()
    spent = time.perf_counter() - start
    after.record()
    after.synchronize()
    contender.host.append(spent / contender.launches)
    contender.seconds.append(before.elapsed_time(after) / 1e3 / contender.launches)
