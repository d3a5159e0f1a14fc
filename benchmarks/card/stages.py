"""Las etapas de una corrida, en orden, y cómo se hace cada una sobre una escalera."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from card import clinic, counters, experiments, running, sanitizer, speed, tools
from card.ladders import LADDERS, Ladder
from card.records import Record

SIMULATED = "simulador"


def simulated() -> Any:
    """El ``numba.cuda`` del simulador, sin instalarlo en lugar del otro."""
    from urdimbre.backend import simulated_cuda

    return simulated_cuda()


def chosen(names: list[str] | None) -> list[Ladder]:
    """Las escaleras pedidas, en el orden de la tabla; todas, si no se pide ninguna."""
    return [ladder for ladder in LADDERS if not names or ladder.name in names]


# --- Paridad ---------------------------------------------------------------------------------


def parity(ladders: list[Ladder], cuda: Any, record: Record) -> None:
    """Cada peldaño, en todos sus tamaños, contra NumPy en ``float64``."""
    for ladder in ladders:
        record.start(ladder.name)
        kernels = running.kernels_of(ladder, cuda)
        for rung in ladder.rungs:
            record.add(ladder.name, parity_row(ladder, rung, kernels, cuda))


def parity_row(ladder: Ladder, rung: Any, kernels: dict, cuda: Any) -> dict[str, Any]:
    """La fila de un peldaño: sus errores por tamaño, o por qué no corrió."""
    try:
        sizes = [running.error_of(ladder, rung, n, kernels, cuda) for n in ladder.sizes_of(rung)]
    except Exception as error:  # de compilación o de la tarjeta
        return {"name": rung.name, "status": "failed", "why": speed.reason(error)}
    wrong = [str(row["size"]) for row in sizes if not row["right"]]
    row = {"name": rung.name, "status": "failed" if wrong else "ok", "sizes": sizes}
    return row | ({"why": "da mal con " + ", ".join(wrong)} if wrong else {})


# --- Las herramientas ------------------------------------------------------------------------


def sanitize(pages: set[str] | None, record: Record) -> None:
    """Los kernels de la clínica por las tres herramientas, cada vez en un proceso."""
    path, cuda = tools.find("compute-sanitizer"), simulated()
    patients = clinic.of_pages(pages)
    for page in dict.fromkeys(patient.chapter for patient in patients):
        record.start(page)
    for patient in patients:
        outputs = {
            tool: tools.run(sanitizer.command(path, tool, patient)) for tool in sanitizer.TOOLS
        }
        record.add(patient.chapter, sanitizer.entry(patient, outputs, cuda))


def count(ladders: list[Ladder], record: Record) -> None:
    """Los contadores de los peldaños, una escalera por proceso."""
    path, cuda = tools.find("ncu"), simulated()
    for ladder in ladders:
        record.start(ladder.name)
        text, why = tools.run(counters.command(path, [ladder.name]), limit=300)
        for entry in counters.entries(ladder, text, why, cuda):
            record.add(ladder.name, entry)


def experiment(cuda: Any, record: Record) -> None:
    """Los puntos abiertos: todos los de ncu en un proceso, y los demás de a uno."""
    record.start("open_points")
    path = tools.find("ncu")
    order = counters.command(path, ["--experimentos"], experiments.METRICS)
    text, why = tools.run(order, limit=300)
    for row in profiled_rows(text, why):
        record.add("open_points", row)
    for each in experiments.EXPERIMENTS:
        if each.tool != "ncu":
            record.add("open_points", OTHER_TOOLS[each.tool](each, cuda))


def profiled_rows(text: str, why: str) -> list[dict[str, Any]]:
    """Las filas de los experimentos que perfila ncu, con lo que predice el simulador."""
    asked = experiments.PROFILED
    try:
        measured = counters.parse(text, experiments.METRICS)
    except ValueError as error:
        return [_row(each, status="failed", why=why or str(error)) for each in asked]
    found = counters.aligned([each.kernel for each in asked], measured)
    return [_profiled(each, theirs) for each, theirs in zip(asked, found, strict=True)]


def _profiled(each: experiments.Experiment, theirs: dict[str, float] | None) -> dict[str, Any]:
    if theirs is None:
        return _row(each, status="failed", why="ncu no vio su lanzamiento")
    own = {metric: theirs[metric] for metric in each.metrics if metric in theirs}
    predicted = experiments.prediction(each, simulated())
    return _row(each, status="ok", card=own, simulator=predicted)


def _raced(each: experiments.Experiment, cuda: Any) -> dict[str, Any]:
    path = tools.find("compute-sanitizer") or "compute-sanitizer"
    order = [path, "--tool", "racecheck", *sanitizer.OPTIONS["racecheck"],
             *tools.target("--experimento", each.name)]  # fmt: skip
    text, why = tools.run(order)
    try:
        issues = sanitizer.parse(text, "racecheck")
    except ValueError as error:
        return _row(each, status="failed", why=why or str(error))
    return _row(each, status="ok", card=[[issue.what, *issue.lines] for issue in issues])


def _valued(each: experiments.Experiment, cuda: Any) -> dict[str, Any]:
    try:
        card = experiments.values(each, cuda)
    except Exception as error:  # de compilación o de la tarjeta
        return _row(each, status="failed", why=speed.reason(error))
    return _row(each, status="ok", card=card, simulator=experiments.values(each, simulated()))


OTHER_TOOLS: dict[str, Callable] = {"racecheck": _raced, "valores": _valued}


def _row(each: experiments.Experiment, **fields: Any) -> dict[str, Any]:
    return {"name": each.name, "point": each.point, "question": each.question, **fields}


# --- Cada escalera en su proceso -------------------------------------------------------------


def in_own_process(script: Path, stage: str, ladder: Ladder, folder: Path) -> str:
    """Corre una etapa de una escalera aparte: un kernel que rompe el contexto no alcanza a otra.

    Returns:
        Por qué no sirvió; vacío si terminó bien.
    """
    order = [sys.executable, str(script), f"--{stage}", "--solo", ladder.name, "--aqui",
             "--carpeta", str(folder)]  # fmt: skip
    text, why = tools.run(order, limit=540, strict=True)
    print(text, end="", flush=True)
    return why
