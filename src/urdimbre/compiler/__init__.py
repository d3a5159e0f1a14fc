"""El compilador de verdad, sin GPU: tipos, registros, derrames, código y ocupación teórica."""

from __future__ import annotations

from typing import Any

from urdimbre.compiler.devices import DEVICES, Device
from urdimbre.compiler.occupancy import Occupancy, block_sizes, occupancy

__all__ = ["DEVICES", "Device", "Occupancy", "block_sizes", "compile_report", "occupancy"]


def compile_report(*args: Any, **options: Any) -> Any:
    """Compila un kernel y cuenta el resultado; véase ``urdimbre.compiler.report``."""
    from urdimbre.compiler.report import compile_report as make

    return make(*args, **options)
