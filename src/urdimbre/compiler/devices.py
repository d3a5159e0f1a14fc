"""Los límites de un multiprocesador según la capacidad de cómputo.

Fuente: *CUDA C++ Programming Guide*, tablas de especificaciones por capacidad de cómputo, y
``cuda_occupancy.h`` de CUDA 12.9.
"""

from __future__ import annotations

from dataclasses import dataclass

KB = 1024


@dataclass(frozen=True)
class Device:
    """Los límites de una capacidad de cómputo; la memoria, en bytes.

    Attributes:
        warps, blocks: warps y bloques residentes en un multiprocesador.
        shared: memoria compartida de un multiprocesador.
        shared_optin: lo más que puede pedir un bloque, si el programa lo solicita.
        granularity: la memoria de un bloque se redondea a un múltiplo de esto.
        reserved: memoria que el sistema toma en cada bloque.
    """

    name: str
    warps: int
    blocks: int
    shared: int
    shared_optin: int
    granularity: int = 128
    reserved: int = KB


DEVICES: dict[str, Device] = {
    d.name: d
    for d in (
        Device("7.5", 32, 16, 64 * KB, 64 * KB, granularity=256, reserved=0),
        Device("8.0", 64, 32, 164 * KB, 163 * KB),
        Device("8.6", 48, 16, 100 * KB, 99 * KB),
        Device("8.9", 48, 24, 100 * KB, 99 * KB),
        Device("9.0", 64, 32, 228 * KB, 227 * KB),
        Device("10.0", 64, 32, 228 * KB, 227 * KB),
        Device("12.0", 48, 24, 100 * KB, 99 * KB),
    )
}

# Iguales en todas: de 7.5 a 12.0.
WARP = 32
MAX_THREADS = 1024  # por bloque
REGISTERS = 65536  # por multiprocesador, y como mucho por bloque
MAX_REGISTERS = 255  # por hilo
REGISTER_UNIT = 256  # un warp toma registros de 256 en 256
PARTITIONS = 4  # un multiprocesador reparte sus registros en cuatro partes
DEFAULT_SHARED = 48 * KB  # por bloque, si no se pide más
