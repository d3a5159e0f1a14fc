"""Lo que se correría en una tarjeta: tamaños, kernels, órdenes y cuánto tardaría."""

from __future__ import annotations

from collections.abc import Iterator

from card import clinic, compiling, counters, experiments, running, sanitizer, stages
from card.ladders import LADDERS, Ladder

# Segundos de tarjeta por pieza: estimados, porque nadie los ha medido.
TESTS, PER_RUNG, PER_TOOL, PER_PROFILE, PER_CONTENDER = 120.0, 3.0, 8.0, 25.0, 4.0


def patients(ladders: list[Ladder]) -> list[clinic.Patient]:
    """Los de las páginas de esas escaleras; todos, si están todas."""
    whole = len(ladders) == len(LADDERS)
    return clinic.of_pages(None if whole else {ladder.chapter for ladder in ladders})


def minutes(ladders: list[Ladder]) -> dict[str, float]:
    """Minutos estimados de cada etapa."""
    rungs = sum(len(ladder.rungs) for ladder in ladders)
    contenders = rungs + sum(len(ladder.vendor) for ladder in ladders)
    seconds = {
        "parity": PER_RUNG * rungs,
        "speed": PER_CONTENDER * contenders,
        "counters": PER_PROFILE * (len(ladders) + 2),
        "sanitizer": PER_TOOL * len(patients(ladders)) * len(sanitizer.TOOLS),
        "tables": 1.0,
        "pruebas": TESTS,
    }
    return {stage: value / 60 for stage, value in seconds.items()}


def lines(ladders: list[Ladder]) -> Iterator[str]:
    """El plan, línea por línea."""
    yield "Etapas, en orden, con los minutos de tarjeta que se estiman:"
    found = minutes(ladders)
    yield from (f"  {stage:<10} {value:5.1f}" for stage, value in found.items())
    yield f"  {'total':<10} {sum(found.values()):5.1f}"
    for ladder in ladders:
        yield ""
        yield from _ladder(ladder)
    yield ""
    yield from _commands(ladders)


def _ladder(ladder: Ladder) -> Iterator[str]:
    size = ladder.size
    yield f"{ladder.name}: {ladder.title} (book/{ladder.chapter}.md)"
    yield f"  velocidad con n = {size}: {ladder.moved(size) / 2**20:.0f} MiB obligados"
    yield f"  contra {', '.join(ladder.vendor)}; contadores con n = {ladder.counted}"
    for rung in ladder.rungs:
        sizes = ", ".join(map(str, ladder.sizes_of(rung)))
        yield f"  {rung.name}: comprobado con {sizes}"
        for step in rung.steps(size):
            more = f", {step.shared} B dinámicos" if step.shared else ""
            yield f"    {step.kernel}[{_shape(step.grid)}, {_shape(step.block)}]{more}"


def _shape(shape: tuple[int, ...]) -> str:
    return " × ".join(map(str, shape))


def _commands(ladders: list[Ladder]) -> Iterator[str]:
    yield "Contadores, desde benchmarks/:"
    yield from ("  " + " ".join(counters.command("", [ladder.name])) for ladder in ladders)
    yield "Puntos abiertos:"
    order = counters.command("", ["--experimentos"], experiments.METRICS)
    yield "  " + " ".join(order)
    for each in experiments.EXPERIMENTS:
        yield f"  punto {each.point}, {each.name} ({each.tool}): {each.question}"
    yield f"  punto 7: {experiments.POINT_SEVEN}"
    yield "compute-sanitizer, desde benchmarks/:"
    for patient in patients(ladders):
        yield from (
            "  " + " ".join(sanitizer.command("", tool, patient)) for tool in sanitizer.TOOLS
        )


# --- Lo que se puede comprobar sin tarjeta ---------------------------------------------------


def checks(ladders: list[Ladder]) -> Iterator[tuple[str, str]]:
    """Cada peldaño, con lo que falla: en el simulador, y en el compilador si está instalado."""
    cuda = stages.simulated()
    compiles = compiling.available()
    for ladder in ladders:
        kernels = running.kernels_of(ladder, cuda)
        for rung in ladder.rungs:
            row = stages.parity_row(ladder, rung, kernels, cuda)
            yield f"{ladder.name}/{rung.name}, simulador", row.get("why", "")
            if compiles:
                yield f"{ladder.name}/{rung.name}, compilador", compiling.problem(ladder, rung)
