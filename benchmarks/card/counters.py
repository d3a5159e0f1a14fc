"""Los contadores de Nsight Compute contra los nuestros, métrica por métrica.

Solo se comparan contadores de código fuente (``smsp__sass_*`` y ``memory_*``), que salen de
instrumentar las instrucciones y se repiten siempre. El contador físico de conflictos de banco
(``l1tex``) cuenta también arbitrajes perdidos, y por eso no se usa.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from typing import Any

from card import running, tools
from card.ladders import Ladder, Rung, Step
from urdimbre.compiler import recorded

# Métrica de ncu -> los campos nuestros que suman lo mismo.
COMPARED = {
    "smsp__sass_inst_executed_op_global_ld.sum": ("global_load_requests",),
    "smsp__sass_inst_executed_op_global_st.sum": ("global_store_requests",),
    "memory_l2_theoretical_sectors_global": ("global_load_sectors", "global_store_sectors"),
    "memory_l2_theoretical_sectors_global_ideal": ("global_load_ideal", "global_store_ideal"),
    "smsp__sass_inst_executed_op_shared_ld.sum": ("shared_load_requests",),
    "smsp__sass_inst_executed_op_shared_st.sum": ("shared_store_requests",),
    "memory_l1_wavefronts_shared": ("shared_load_wavefronts", "shared_store_wavefronts"),
    "memory_l1_wavefronts_shared_ideal": ("shared_load_ideal", "shared_store_ideal"),
}
# Se guardan sin comparar: el compilador cambia saltos por predicados.
NOTED = (
    "smsp__sass_branch_targets_threads_divergent.sum",
    "smsp__sass_branch_targets_threads_uniform.sum",
    "smsp__inst_executed_op_branch.sum",
    "smsp__thread_inst_executed_per_inst_executed.ratio",
    "smsp__thread_inst_executed_pred_on_per_inst_executed.ratio",
)
METRICS = (*COMPARED, *NOTED)


def one_to_one(chapter: str, kernel: str) -> bool:
    """Si cada acceso del código es uno de la máquina, según la grabación del compilador.

    Ahí la igualdad es exacta. En los demás, la diferencia es lo que el compilador juntó, repitió o
    quitó.
    """
    found = recorded.recording()["kernels"].get(f"{chapter}/{kernel}")
    return found is not None and found["memory"]["one_to_one"]


def command(ncu: str, arguments: list[str], metrics: Iterable[str] = METRICS) -> list[str]:
    """La orden exacta que perfila un lanzamiento.

    Estos contadores no dependen del reloj ni de la caché: no se tocan, que pide permisos.
    """
    return [
        ncu or "ncu", "--csv", "--page", "raw", "--print-units", "base",
        "--clock-control", "none", "--cache-control", "none", "--target-processes", "all",
        "--metrics", ",".join(metrics), *tools.target(*arguments),
    ]  # fmt: skip


NO_PERMISSION = (
    "ncu no tiene permiso para leer los contadores (ERR_NVGPUCTRPERM): lo da el administrador, "
    "con NVreg_RestrictProfilingToAdminUsers=0, o en un contenedor, con CAP_SYS_ADMIN"
)


# --- Leer el CSV -----------------------------------------------------------------------------


def parse(text: str, metrics: Iterable[str] = METRICS) -> list[tuple[str, dict[str, float]]]:
    """Lo que ncu midió de cada lanzamiento, en orden: nombre del kernel y métricas.

    Entiende las dos formas de su CSV: una columna por métrica (``--page raw``, con una fila de
    unidades) y una fila por métrica (``Metric Name`` y ``Metric Value``).

    Raises:
        ValueError: si no hay una tabla; el mensaje cita lo que dijo ncu.
    """
    lines = text.splitlines()
    starts = [k for k, line in enumerate(lines) if line.startswith('"ID",')]
    if not starts:
        raise ValueError(complaint(lines))
    rows = list(csv.DictReader(io.StringIO("\n".join(lines[starts[0] :]))))
    rows = [row for row in rows if (row["ID"] or "").isdigit()]
    found = _tall(rows) if rows and "Metric Name" in rows[0] else _wide(rows)
    wanted = set(metrics)
    return [(name, {k: v for k, v in row.items() if k in wanted}) for name, row in found]


def complaint(lines: list[str]) -> str:
    """Por qué no hay una tabla, con palabras de ncu."""
    said = [line for line in lines if "ERR_NVGPUCTRPERM" in line or line.startswith("==ERROR==")]
    if any("ERR_NVGPUCTRPERM" in line for line in said):
        return NO_PERMISSION
    return "ncu no dio una tabla: " + (said or lines or ["no escribió nada"])[-1].strip()


def _wide(rows: list[dict[str, str]]) -> list[tuple[str, dict[str, float]]]:
    return [(row["Kernel Name"], _numbers(row)) for row in rows]


def _tall(rows: list[dict[str, str]]) -> list[tuple[str, dict[str, float]]]:
    by_launch: dict[str, tuple[str, dict[str, str]]] = {}
    for row in rows:
        _, values = by_launch.setdefault(row["ID"], (row["Kernel Name"], {}))
        values[row["Metric Name"]] = row["Metric Value"]
    return [(name, _numbers(values)) for name, values in by_launch.values()]


def _numbers(row: dict[str, str]) -> dict[str, float]:
    found = {name: number(value) for name, value in row.items() if name}
    return {name: value for name, value in found.items() if value is not None}


def number(text: str | None) -> float | None:
    """``1,234.5`` como número; ``n/a`` y los textos no lo son.

    Una métrica con un valor por instrucción sale como ``total (v1; v2; …)``: se toma el total.
    """
    first = (text or "").split(" (")[0].replace(",", "").strip()
    try:
        return float(first)
    except ValueError:
        return None


# --- Los nuestros ----------------------------------------------------------------------------


def ours(ladder: Ladder, rung: Rung, cuda: Any) -> list[tuple[str, dict[str, float]]]:
    """Lo mismo que :func:`parse`, según el simulador: por lanzamiento, las métricas comparadas."""
    kernels = running.kernels_of(ladder, cuda)
    args = running.on_device(ladder.case_of(rung)(ladder.counted), cuda)
    return [count(step, kernels, args) for step in rung.steps(ladder.counted)]


def count(step: Step, kernels: dict[str, Any], args: tuple) -> tuple[str, dict[str, float]]:
    """Las métricas comparadas de un lanzamiento en el simulador, que queda hecho."""
    from urdimbre.observe import profile

    launch = kernels[step.kernel][step.grid, step.block, 0, step.shared]
    total = profile(launch, *(args[i] for i in step.args)).total
    return step.kernel, {
        metric: float(sum(getattr(total, name) for name in names))
        for metric, names in COMPARED.items()
    }


def compare(mine: dict[str, float], theirs: dict[str, float]) -> dict[str, dict[str, Any]]:
    """Cada métrica con lo nuestro, lo de ncu y si son iguales; las que ncu no dio faltan."""
    return {
        metric: {"ours": value, "ncu": theirs[metric], "equal": value == theirs[metric]}
        for metric, value in mine.items()
        if metric in theirs
    }


def entries(ladder: Ladder, text: str, why: str, cuda: Any) -> list[dict[str, Any]]:
    """Una fila por peldaño: sus lanzamientos comparados, o por qué no se pudo."""
    try:
        measured = parse(text)
    except ValueError as error:
        return [_failed(ladder, rung, why or str(error)) for rung in ladder.rungs]
    expected = [(rung, step.kernel) for rung in ladder.rungs for step in rung.steps(ladder.counted)]
    found = aligned([kernel for _, kernel in expected], measured)
    return [
        _entry(ladder, rung, [f for (owner, _), f in zip(expected, found) if owner is rung], cuda)
        for rung in ladder.rungs
    ]


def aligned(kernels: list[str], measured: list[tuple[str, dict]]) -> list[dict | None]:
    """Lo medido de cada lanzamiento esperado, en orden; ``None`` si ese no llegó a lanzarse.

    Un kernel que no se esperaba, como el que llena memoria con ceros, no cuenta.
    """
    found = []
    queue = [pair for pair in measured if any(named(pair[0], kernel) for kernel in kernels)]
    for kernel in kernels:
        fits = bool(queue) and named(queue[0][0], kernel)
        found.append(queue.pop(0)[1] if fits else None)
    return found


def named(full: str, kernel: str) -> bool:
    """Si el nombre que da ncu es el de ese kernel, decorado por Numba o ya sin decorar.

    Decorado lleva el largo antes: ``_ZN…14transpose_tileB2v1…``; sin decorar, las marcas de la
    versión después: ``transpose_tile[abi:v1]``.
    """
    decorated = rf"{len(kernel)}{re.escape(kernel)}[BE]"
    plain = rf"(?<!\w){re.escape(kernel)}(?!\w)"
    return re.search(f"{decorated}|{plain}", full) is not None


def _failed(ladder: Ladder, rung: Rung, why: str) -> dict[str, Any]:
    return {"name": rung.name, "size": ladder.counted, "status": "failed", "why": why}


def _entry(ladder: Ladder, rung: Rung, found: list[dict | None], cuda: Any) -> dict[str, Any]:
    if None in found:
        return _failed(ladder, rung, "ncu no vio alguno de sus lanzamientos")
    mine = ours(ladder, rung, cuda)
    launches = [
        {"kernel": name, "metrics": compare(own, theirs), "noted": _noted(theirs)}
        for (name, own), theirs in zip(mine, found, strict=True)
    ]
    if not all(launch["metrics"] for launch in launches):
        return _failed(ladder, rung, "ncu no dio ninguna de las métricas que se comparan")
    steps = rung.steps(ladder.counted)
    exact = all(one_to_one(ladder.chapter, step.kernel) for step in steps)
    return {
        "name": rung.name, "size": ladder.counted, "status": "ok", "exact_expected": exact,
        "launches": launches,
    }  # fmt: skip


def _noted(theirs: dict[str, float]) -> dict[str, float]:
    return {metric: theirs[metric] for metric in NOTED if metric in theirs}
