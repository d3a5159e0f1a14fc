"""La ocupación teórica: cuántos bloques caben a la vez en un multiprocesador, y qué los limita.

La ocupación no es velocidad: dice cuántos warps hay para esperar a la memoria mientras otros
trabajan. Fórmula: ``cuda_occupancy.h`` de CUDA 12.9.
"""

from __future__ import annotations

from dataclasses import dataclass

from urdimbre.compiler import devices
from urdimbre.compiler.devices import DEVICES, Device
from urdimbre.compiler.occupancy_text import occupancy_html, occupancy_text
from urdimbre.errors import ArgumentError


@dataclass(frozen=True)
class Occupancy:
    """Lo que cabe en un multiprocesador.

    Attributes:
        device: los límites de la capacidad de cómputo.
        threads, registers: hilos por bloque y registros por hilo.
        shared_bytes: memoria compartida por bloque, estática más dinámica.
        limits: cuántos bloques deja cada recurso: ``"warps"``, ``"registers"``, ``"shared"`` y
            ``"blocks"``; 0 si ni un bloque cabe.
    """

    device: Device
    threads: int
    registers: int
    shared_bytes: int
    limits: dict[str, int]

    @property
    def blocks(self) -> int:
        """Bloques que caben a la vez en un multiprocesador."""
        return min(self.limits.values())

    @property
    def warps(self) -> int:
        """Warps que esos bloques ocupan."""
        return self.blocks * _up(self.threads, devices.WARP) // devices.WARP

    @property
    def ratio(self) -> float:
        """Warps ocupados entre los que admite el multiprocesador, de 0.0 a 1.0."""
        return self.warps / self.device.warps

    @property
    def limiting(self) -> tuple[str, ...]:
        """Los recursos que se acaban primero; varios si empatan."""
        return tuple(name for name, n in self.limits.items() if n == self.blocks)

    def __str__(self) -> str:
        return occupancy_text(self)

    def _repr_html_(self) -> str:
        return occupancy_html(self)


def occupancy(
    threads: int,
    registers: int,
    shared_bytes: int = 0,
    capability: str = "8.0",
    optin: bool = False,
) -> Occupancy:
    """La ocupación teórica de un kernel.

    Args:
        threads: hilos por bloque, de 1 a 1024.
        registers: registros por hilo; los da el compilador y cambian con la capacidad.
        shared_bytes: memoria compartida por bloque, en bytes.
        capability: capacidad de cómputo, de ``"7.5"`` a ``"12.0"``.
        optin: si el programa pidió pasar de 48 KB por bloque.

    Raises:
        ArgumentError: si la capacidad no está en la tabla o un número no tiene sentido.
    """
    device = _device(capability)
    _check(threads, registers, shared_bytes)
    most = device.shared_optin if optin else devices.DEFAULT_SHARED
    warps = _up(threads, devices.WARP) // devices.WARP
    limits = {
        "warps": device.warps // warps if threads <= devices.MAX_THREADS else 0,
        "registers": _by_registers(registers, warps),
        "shared": _by_shared(device, shared_bytes, most),
        "blocks": device.blocks,
    }
    return Occupancy(device, threads, registers, shared_bytes, limits)


def block_sizes(
    registers: int, shared_per_thread: int = 0, shared_bytes: int = 0, capability: str = "8.0"
) -> tuple[Occupancy, ...]:
    """La ocupación de cada tamaño de bloque, de 32 en 32 hasta 1024, para compararlos.

    La memoria compartida de cada bloque es ``shared_bytes + shared_per_thread * hilos``.
    """
    sizes = range(devices.WARP, devices.MAX_THREADS + 1, devices.WARP)
    return tuple(
        occupancy(n, registers, shared_bytes + shared_per_thread * n, capability) for n in sizes
    )


def _device(capability: str) -> Device:
    if str(capability) not in DEVICES:
        known = ", ".join(DEVICES)
        raise ArgumentError(f"No hay datos de la capacidad {capability!r}. Las que hay: {known}.")
    return DEVICES[str(capability)]


def _check(threads: int, registers: int, shared_bytes: int) -> None:
    least = {"hilos por bloque": (threads, 1), "registros por hilo": (registers, 1)}
    least["bytes de memoria compartida"] = (shared_bytes, 0)
    for what, (value, low) in least.items():
        if value < low:
            raise ArgumentError(f"El número de {what} debe ser al menos {low}; es {value}.")


def _up(n: int, unit: int) -> int:
    """El primer múltiplo de ``unit`` que llega a ``n``."""
    return -(-n // unit) * unit


def _by_registers(registers: int, warps: int) -> int:
    """Cada warp toma sus registros de una de las cuatro partes."""
    per_warp = _up(registers * devices.WARP, devices.REGISTER_UNIT)
    if registers > devices.MAX_REGISTERS:
        return 0
    per_partition = devices.REGISTERS // devices.PARTITIONS // per_warp
    return per_partition * devices.PARTITIONS // warps


def _by_shared(device: Device, shared_bytes: int, most: int) -> int:
    taken = _up(shared_bytes + device.reserved, device.granularity)
    if taken > most + device.reserved:
        return 0
    return device.shared // taken if taken else device.blocks
