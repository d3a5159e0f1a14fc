"""Cuánto tarda el simulador de Urdimbre, en proporción a otros dos, medido en una corrida.

    python benchmarks/simulator.py             unos dos minutos: el de Numba es lento
    python benchmarks/simulator.py --rapido    unos segundos, con tamaños pequeños
    python benchmarks/simulator.py --json      los mismos números, para un programa

Compara con el simulador de Numba (``NUMBA_ENABLE_CUDASIM=1``) y con NumPy vectorizado a mano.
Cada motor corre en su proceso; los resultados se comprueban antes de medir.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
NAMES = {
    "vector_add": "suma de vectores",
    "block_sum": "reducción por bloques",
    "stencil": "estarcido",
    "matmul_tiled": "matmul por teselas",
}
TIMES = (
    ("Numba", "numba"),
    ("Urdimbre", "urdimbre"),
    ("con contadores", "urdimbre_counters"),
    ("con todo", "urdimbre_all"),
    ("NumPy por carriles", "numpy_lanes"),
    ("NumPy a mano", "numpy"),
)
RATIOS = (
    ("Numba / Urdimbre", "numba", "urdimbre"),
    ("Numba / con contadores", "numba", "urdimbre_counters"),
    ("Numba / con todo", "numba", "urdimbre_all"),
    ("Urdimbre / NumPy por carriles", "urdimbre", "numpy_lanes"),
    ("Urdimbre / NumPy a mano", "urdimbre", "numpy"),
)


def run_engine(engine: str, quick: bool, repetitions: int) -> dict[str, Any]:
    """Los números de un motor, medidos en otro proceso."""
    command = [sys.executable, str(HERE / "engines.py"), engine]
    command += ["--repeticiones", str(repetitions)] + ["--rapido"] * quick
    done = subprocess.run(
        command, env=environment(engine), capture_output=True, text=True, encoding="utf-8"
    )
    if done.returncode:
        sys.exit(f"El motor «{engine}» falló:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout)


def environment(engine: str) -> dict[str, str]:
    """Las variables del proceso: el simulador de Numba se pide con una."""
    env = dict(os.environ, PYTHONWARNINGS="ignore", PYTHONIOENCODING="utf-8")
    env["NUMBA_ENABLE_CUDASIM"] = "0" if engine == "urdimbre" else "1"
    return env


def collect(quick: bool, repetitions: int) -> dict[str, Any]:
    """Los tres motores, juntos por programa."""
    out: dict[str, Any] = {"machine": machine(), "programs": {}}
    for engine in ("numpy", "urdimbre", "numba"):
        for key, row in run_engine(engine, quick, repetitions).items():
            out["programs"].setdefault(key, {}).update(row)
    return out


def machine() -> dict[str, Any]:
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(),
        "numpy": importlib.metadata.version("numpy"),
        "numba": importlib.metadata.version("numba"),
    }


def report(data: dict[str, Any]) -> str:
    """Las tablas, en Markdown."""
    programs, small = dict(data["programs"]), data["programs"]["small_launch"]
    del programs["small_launch"]
    ratio_rows = [[label(k, p), *(ratio(p, a, b) for _, a, b in RATIOS)]
                  for k, p in programs.items()]  # fmt: skip
    time_rows = [[label(k, p), *(duration(p.get(c)) for _, c in TIMES)]
                 for k, p in programs.items()]  # fmt: skip
    first_rows = [[label(k, p), duration(p["urdimbre_first"]), size(p["urdimbre_peak_bytes"])]
                  for k, p in programs.items()]  # fmt: skip
    return "\n\n".join((
        describe(data["machine"]),
        "Cuántas veces más tarda el primero que el segundo:",
        table(["programa", *(name for name, _, _ in RATIOS)], ratio_rows),
        "Tiempos de un lanzamiento ya compilado, con copias (mediana):",
        table(["programa", *(name for name, _ in TIMES)], time_rows),
        "La primera llamada, con compilación, y la memoria de una llamada en su peor momento:",
        table(["programa", "primera llamada", "memoria máxima"], first_rows),
        "Un lanzamiento pequeño (256 hilos, datos en el dispositivo): "
        f"{duration(small['urdimbre'])}; el de Numba, {duration(small['numba'])}: "
        f"{ratio(small, 'numba', 'urdimbre')} veces.",
    ))  # fmt: skip


def describe(info: dict[str, Any]) -> str:
    return (
        f"Python {info['python']}, NumPy {info['numpy']}, Numba {info['numba']}, "
        f"{info['system']}, {info['cores']} núcleos."
    )


def label(key: str, program: dict[str, Any]) -> str:
    name, n = key.removesuffix("_large"), program["size"]
    return f"{NAMES[name]}, {f'{n}×{n}' if name == 'matmul_tiled' else n}"


def ratio(program: dict[str, Any], slow: str, fast: str) -> str:
    """Cuántas veces; raya donde uno de los dos no se midió."""
    if slow not in program or fast not in program:
        return "—"
    value = program[slow] / program[fast]
    return f"{value:.0f}" if value >= 10 else f"{value:.2f}".replace(".", ",")


def duration(took: float | None) -> str:
    """Segundos, milisegundos o microsegundos, con tres cifras; raya si no se midió."""
    if took is None:
        return "—"
    for unit, scale in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if took >= scale or unit == "µs":
            return f"{took / scale:.3g} {unit}".replace(".", ",")
    raise AssertionError


def size(count: int) -> str:
    return f"{count / 2**20:.2f} MiB".replace(".", ",")


def table(header: list[str], rows: list[list[str]]) -> str:
    """Una tabla de Markdown con columnas alineadas."""
    widths = [max(len(row[i]) for row in [header, *rows]) for i in range(len(header))]
    rule = ["-" * w for w in widths]
    return "\n".join(
        "| " + " | ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)) + " |"
        for row in [header, rule, *rows]
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description="Mide el simulador de Urdimbre contra el de Numba y contra NumPy a mano."
    )
    parser.add_argument("--rapido", action="store_true", help="tamaños pequeños, unos segundos")
    parser.add_argument("--json", action="store_true", help="los números, sin tabla")
    parser.add_argument("--repeticiones", type=int, default=7, help="mediana de cuántas (7)")
    options = parser.parse_args()
    data = collect(options.rapido, options.repeticiones)
    print(json.dumps(data, ensure_ascii=False, indent=1) if options.json else report(data))


if __name__ == "__main__":
    main()
