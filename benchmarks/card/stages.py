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
        record.finish(ladder.name)


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

# Lo que escribe una herramienta que no podrá con ningún kernel: no se la llama otra vez.
HOPELESS = ("ERR_NVGPUCTRPERM", "LibraryNotLoaded", "Device not supported")


class Tool:
    """Una herramienta de NVIDIA, que se deja de llamar cuando ya se sabe que no sirve aquí."""

    def __init__(self, name: str, limit: float = tools.LIMIT) -> None:
        self.path, self.limit = tools.find(name), limit
        self._hopeless: tools.Answer | None = None

    def run(self, command: list[str]) -> tools.Answer:
        """Como ``tools.run``; si ya respondió que no puede, la misma respuesta."""
        if self._hopeless is None:
            text, why = tools.run(command, self.limit)
            if why.startswith("no está") or any(sign in text for sign in HOPELESS):
                self._hopeless = text, why
            return text, why
        return self._hopeless


def sanitize(pages: set[str] | None, record: Record, again: bool = False) -> None:
    """Los kernels de la clínica por las tres herramientas, cada vez en un proceso."""
    tool, cuda = Tool("compute-sanitizer"), simulated()
    patients = clinic.of_pages(pages)
    for page in dict.fromkeys(patient.chapter for patient in patients):
        if again and record.done(page):
            continue
        record.start(page)
        for patient in (each for each in patients if each.chapter == page):
            record.add(page, _sanitized(patient, tool, cuda))
        record.finish(page)


def _sanitized(patient: clinic.Patient, tool: Tool, cuda: Any) -> dict[str, Any]:
    outputs = {
        name: tool.run(sanitizer.command(tool.path, name, patient)) for name in sanitizer.TOOLS
    }
    return sanitizer.entry(patient, outputs, cuda)


def count(ladders: list[Ladder], record: Record, again: bool = False) -> None:
    """Los contadores de los peldaños, una escalera por proceso."""
    tool, cuda = Tool("ncu", limit=300), simulated()
    for ladder in ladders:
        if again and record.done(ladder.name):
            continue
        record.start(ladder.name)
        text, why = tool.run(counters.command(tool.path, [ladder.name]))
        for entry in counters.entries(ladder, text, why, cuda):
            record.add(ladder.name, entry)
        record.finish(ladder.name)


def experiment(cuda: Any, record: Record, again: bool = False) -> None:
    """Los puntos abiertos: todos los de ncu en un proceso, y los demás de a uno."""
    if again and record.done("open_points"):
        return
    record.start("open_points")
    tool = Tool("ncu", limit=300)
    text, why = tool.run(counters.command(tool.path, ["--experimentos"], experiments.METRICS))
    for row in profiled_rows(text, why):
        record.add("open_points", row)
    for each in experiments.EXPERIMENTS:
        if each.tool != "ncu":
            record.add("open_points", OTHER_TOOLS[each.tool](each, cuda))
    record.finish("open_points")


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
