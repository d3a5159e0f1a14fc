"""Lanza lo que se pide en la tarjeta, cada cosa una vez: es lo que miran ncu y compute-sanitizer.

python -m card.target transpose                      todos los peldaños de una escalera
python -m card.target transpose transpose_tile       uno solo
python -m card.target --clinica u04_debugging_clinic case_one
python -m card.target --experimento block_error
python -m card.target --experimentos                 todos los que se perfilan con ncu
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from card import chapters, clinic, experiments, machine, running
from card.ladders import BY_NAME

# Con esto sabe quien lee la salida que un resumen sin errores es de un kernel que sí corrió.
LAUNCHED = "[urdimbre] se lanzó"


def launch_ladder(cuda: Any, ladder_name: str, *names: str) -> None:
    """Los peldaños de una escalera, en orden; uno que falla no detiene a los demás."""
    ladder = BY_NAME[ladder_name]
    kernels = chapters.load(ladder.chapter, cuda, lines=True)
    for rung in ladder.rungs:
        if not names or rung.name in names:
            args = running.on_device(ladder.case_of(rung)(ladder.counted), cuda)
            attempt(running.launcher(rung, ladder.counted, kernels, args))


def launch_experiments(cuda: Any) -> None:
    """Todos los experimentos que se perfilan con ncu, en orden."""
    for each in experiments.PROFILED:
        attempt(lambda e=each: experiments.launch(e, cuda))


def attempt(action: Callable[[], Any]) -> None:
    """Lanza; si no se puede, lo dice y sigue: quien lee la salida nota lo que falta."""
    try:
        action()
    except Exception as error:  # de compilación, de configuración o de la tarjeta
        print(f"no se lanzó: {type(error).__name__}: {error}", file=sys.stderr)


def launch_patient(cuda: Any, chapter: str, kernel: str) -> None:
    """Un kernel de una clínica."""
    patient = clinic.find(chapter, kernel)
    kernels = chapters.load(chapter, cuda, lines=True)
    args = [cuda.to_device(a) for a in patient.arguments()]
    kernels[kernel][patient.grid, patient.block](*args)
    print(LAUNCHED, flush=True)


def launch_experiment(cuda: Any, name: str) -> None:
    """Un experimento de la lista de puntos abiertos."""
    experiments.launch(experiments.find(name), cuda)
    print(LAUNCHED, flush=True)


MODES = {
    "--clinica": launch_patient,
    "--experimento": launch_experiment,
    "--experimentos": launch_experiments,
}


def main(arguments: list[str]) -> None:
    cuda, why = machine.usable()
    if cuda is None:
        sys.exit(f"No hay una tarjeta: {why}")
    mode = MODES.get(arguments[0])
    (mode or launch_ladder)(cuda, *(arguments[1:] if mode else arguments))
    cuda.synchronize()


if __name__ == "__main__":
    main(sys.argv[1:])
