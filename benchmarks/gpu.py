"""Mide el curso en una GPU: paridad, velocidad, contadores y avisos, en ese orden.

Todo se guarda a medida que llega: una corrida que se corta se sigue con --continuar.
En una máquina sin tarjeta no mide nada: muestra el plan y comprueba lo que se puede sin ella.
"""

from __future__ import annotations

import argparse
import importlib.util
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve()
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "benchmarks")]

from card import machine, plan, speed, stages, tables  # noqa: E402
from card.ladders import BY_NAME, Ladder  # noqa: E402
from card.records import Record, failures  # noqa: E402

from urdimbre.command_line import SpanishParser  # noqa: E402

TESTS_LIMIT = 540  # segundos
STAGES = {
    "parity": "cada peldaño contra NumPy, en la tarjeta",
    "speed": "los tiempos, intercalados con los del fabricante",
    "counters": "los contadores de Nsight Compute contra los nuestros, y los puntos abiertos",
    "sanitizer": "los kernels de la clínica por racecheck, memcheck y synccheck",
    "tables": "las tablas en Markdown, con lo que haya",
}


def parser() -> argparse.ArgumentParser:
    result = SpanishParser(
        prog="gpu.py", description=__doc__,
        epilog="Sin etapas, las corre todas, y al final las pruebas marcadas «gpu».",
    )  # fmt: skip
    result.add_argument("--plan", action="store_true", help="solo dice qué correría")
    for name, text in STAGES.items():
        flag = {"action": "append_const", "dest": "stages", "const": name}
        result.add_argument(f"--{name}", help=text, **flag)
    result.add_argument(
        "--solo", action="append", metavar="ESCALERA", choices=sorted(BY_NAME),
        help="solo esa; se puede repetir: " + ", ".join(BY_NAME),
    )  # fmt: skip
    result.add_argument(
        "--continuar", action="store_true",
        help="sigue la última corrida de esta tarjeta: no repite lo que ya terminó",
    )  # fmt: skip
    result.add_argument("--carpeta", type=Path, help="dónde guardar (benchmarks/results/…)")
    result.add_argument("--aqui", action="store_true", help=argparse.SUPPRESS)
    return result


def main(arguments: list[str] | None = None) -> int:
    options = parser().parse_args(arguments)
    ladders = stages.chosen(options.solo)
    if options.plan:
        return show_plan(ladders)
    cuda, why = machine.usable()
    if cuda is None and options.aqui:
        sys.exit(f"La tarjeta dejó de responder. {why}")
    if cuda is None:
        print(f"No hay una GPU que se pueda usar, así que no se mide nada. {why}\n")
        return show_plan(ladders)
    return measure(options, ladders, cuda)


def show_plan(ladders: list[Ladder]) -> int:
    """Escribe el plan y lo que se comprueba sin tarjeta; 1 si algo está mal."""
    print("\n".join(plan.lines(ladders)))
    found = list(plan.checks(ladders))
    wrong = [(name, why) for name, why in found if why]
    print(f"\nSin tarjeta se comprobó: {len(found) - len(wrong)} bien de {len(found)}.")
    if not any("compilador" in name for name, _ in found):
        print("El compilador de verdad no está: «pip install -r requirements-compiler.txt».")
    print("".join(f"  {name}: {why}\n" for name, why in wrong), end="")
    return 1 if wrong else 0


def measure(options: argparse.Namespace, ladders: list[Ladder], cuda: Any) -> int:
    """Corre las etapas pedidas; 1 si alguna dejó algo sin hacer."""
    ficha = machine.describe(cuda, datetime.now())
    folder = (options.carpeta or machine.folder_for(ficha, options.continuar)).resolve()
    bad = []
    for stage in options.stages or STAGES:
        if stage in ISOLATED and not options.aqui:
            done = Record(folder, stage, ficha).done if options.continuar else lambda name: False
            bad += isolated(stage, [each for each in ladders if not done(each.name)], folder)
        else:
            RUN[stage](options, ladders, cuda, ficha, folder)
        if not options.aqui:
            tables.write(folder)
    return summary(folder, bad + ([] if options.stages else tests()))


def summary(folder: Path, bad: list[str]) -> int:
    """Dónde quedó todo y qué falló; 1 si una etapa no terminó o un peldaño da mal."""
    found = failures(folder)
    print(f"Resultados en {folder}")
    for why in (*bad, *(why for each in found.values() for why in each)):
        print(f"  no se pudo: {why}")
    return 1 if bad or found["parity"] else 0


def tests() -> list[str]:
    """Las pruebas marcadas «gpu», si pytest está; por qué no sirvieron."""
    if importlib.util.find_spec("pytest") is None:
        print("pytest no está instalado: las pruebas marcadas «gpu» no se corrieron.")
        return []
    order = [sys.executable, "-m", "pytest", "-q", "-m", "gpu", "tests"]
    try:
        code = subprocess.run(order, cwd=ROOT, timeout=TESTS_LIMIT).returncode
    except subprocess.TimeoutExpired:
        return [f"pytest -m gpu: no terminó en {TESTS_LIMIT} s"]
    return [f"pytest -m gpu (código {code})"] if code else []


def isolated(stage: str, ladders: list[Ladder], folder: Path) -> list[str]:
    """Una etapa que corre kernels aquí mismo: cada escalera en su proceso."""
    done = ((each.name, stages.in_own_process(HERE, stage, each, folder)) for each in ladders)
    return [f"{stage}, {name}: {why}" for name, why in done if why]


# --- Cada etapa ------------------------------------------------------------------------------


def _parity(options, ladders, cuda, ficha, folder) -> None:
    stages.parity(ladders, cuda, Record(folder, "parity", ficha))


def _sanitizer(options, ladders, cuda, ficha, folder) -> None:
    pages = {ladder.chapter for ladder in ladders} if options.solo else None
    stages.sanitize(pages, Record(folder, "sanitizer", ficha), options.continuar)


def _counters(options, ladders, cuda, ficha, folder) -> None:
    stages.count(ladders, Record(folder, "counters", ficha), options.continuar)
    if not options.solo:
        stages.experiment(cuda, Record(folder, "experiments", ficha), options.continuar)


def _speed(options, ladders, cuda, ficha, folder) -> None:
    for ladder in ladders:
        speed.measure(ladder, cuda, Record(folder, "speed", ficha))


def _tables(options, ladders, cuda, ficha, folder) -> None:
    print(f"Tablas en {tables.write(folder)}")


RUN = {"parity": _parity, "speed": _speed, "counters": _counters, "sanitizer": _sanitizer,
       "tables": _tables}  # fmt: skip
ISOLATED = ("parity", "speed")

if __name__ == "__main__":
    sys.exit(main())
