"""Una tabla con lo que el compilador de verdad reparte a los kernels de una escalera.

Los números están grabados (``urdimbre.compiler.recorded``): no hace falta tener el compilador.
"""

from __future__ import annotations

from typing import Any

from IPython.display import Markdown

from urdimbre.compiler.recorded import occupancy_of, recording, row, usage_of
from urdimbre.plots.notes import table

HEADER = ["kernel", "hilos por bloque", "registros por hilo", "memoria compartida, en bytes",
          "warps que caben", "ocupación"]  # fmt: skip
SAID = (
    "Son los registros que reparte el compilador de `numba-cuda` {numba} con NVVM {nvvm} para la "
    "capacidad {cc}, grabados el {date}. {spills}"
)
NO_SPILLS = "Ningún kernel derrama."
SPILLS = "Derraman: {names}."


def resources(*kernels: Any, capability: str = "8.0", threads: int | None = None) -> Markdown:
    """Registros, memoria compartida y ocupación de unos kernels, con la fecha de la grabación.

    Args:
        kernels: kernels de un capítulo, tal como están en él; o su nombre en la grabación, como
            ``"u11_flash_attention/flash_tiles"``.
        capability: capacidad de cómputo, de las grabadas.
        threads: hilos por bloque; los del último lanzamiento del capítulo, si no se dice.

    Raises:
        ArgumentError: si de alguno no hay grabación, o cambió desde entonces.
    """
    rows = (_row(kernel, capability, threads) for kernel in kernels)
    return Markdown(f"{table(HEADER, *rows).data}\n\n{_said(kernels, capability)}")


def _row(kernel: Any, capability: str, threads: int | None) -> list[Any]:
    found = occupancy_of(kernel, capability, threads)
    return [
        f"`{_name(kernel)}`", found.threads, found.registers, found.shared_bytes, found.warps,
        f"{100 * found.ratio:.0f} %",
    ]  # fmt: skip


def _name(kernel: Any) -> str:
    return kernel.rpartition("/")[2] if isinstance(kernel, str) else kernel.__name__


def _said(kernels: tuple[Any, ...], capability: str) -> str:
    names = [f"`{_name(k)}`" for k in kernels if usage_of(k, capability).spills]
    versions = recording()["versions"]
    year, month, day = recording()["date"].split("-")
    return SAID.format(
        numba=versions["numba-cuda"],
        nvvm=versions.get("nvidia-nvvm", versions.get("nvidia-cuda-nvcc-cu12")),
        cc=capability,
        date=f"{int(day)}/{int(month)}/{year}",
        spills=SPILLS.format(names=", ".join(names)) if names else NO_SPILLS,
    )


def registers(kernel: Any, capability: str = "8.0") -> int:
    """Los registros por hilo de un kernel, de la grabación."""
    return int(row(kernel)["usages"][capability][0])
