"""Las mismas soluciones, fuera de nuestro simulador: el compilador real y la tarjeta."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import warnings
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

import numpy as np
import pytest

from urdimbre import backend
from urdimbre.exercises import CATALOG, get
from urdimbre.grading import check, gpu

ROOT = Path(__file__).resolve().parents[2]
KERNELS = [exercise for exercise in CATALOG if exercise.subject == "kernel"]
CAPABILITY = (8, 0)


def honest_programs(exercise) -> list[Path]:
    variants = ROOT / "tests" / "variants" / exercise.unit / exercise.id
    return [
        ROOT / "solutions" / exercise.unit / f"{exercise.id}.py",
        *sorted(variants.glob("*.py")),
    ]


def defined(path: Path, exercise):
    """El kernel de un programa; si el ejercicio pide varios, un diccionario por nombre."""
    namespace = {"__name__": "celda"}
    exec(compile(path.read_text("utf-8"), str(path), "exec"), namespace)
    kernels = {symbol: namespace[symbol] for symbol in exercise.symbols}
    return kernels if len(kernels) > 1 else kernels[exercise.symbol]


@pytest.mark.skipif(
    importlib.util.find_spec("numba_cuda") is None, reason="numba-cuda no está instalado"
)
@pytest.mark.parametrize("exercise", KERNELS, ids=lambda e: e.id)
def test_the_real_compiler_accepts_every_honest_program(exercise):
    backend._uninstall()  # otra prueba pudo dejar el simulador en su lugar
    from numba import typeof, types
    from numba.cuda.compiler import compile_cuda

    card = SimpleNamespace(compute_capability=CAPABILITY)
    case = max(exercise.cases(np.random.default_rng(1)), key=lambda case: len(case.plan))
    for path in honest_programs(exercise):
        kernel = defined(path, exercise)
        for step in case.plan:
            chosen = kernel[step.symbol] if isinstance(kernel, dict) else kernel
            args = tuple(typeof(case.args[k]) for k in step.args)
            ask = mock.patch("numba.cuda.dispatcher.get_current_device", lambda: card)
            with warnings.catch_warnings(), ask:
                warnings.simplefilter("ignore")
                compile_cuda(chosen.py_func, types.void, args, cc=CAPABILITY)


@pytest.mark.gpu
@pytest.mark.parametrize("exercise", KERNELS, ids=lambda e: e.id)
def test_the_card_agrees_with_every_honest_program(exercise):
    cuda = pytest.importorskip("numba.cuda", reason="Numba no está instalado")
    if not cuda.is_available():
        pytest.skip("no hay una GPU que Numba CUDA pueda usar")
    for path in honest_programs(exercise):
        kernel = defined(path, exercise)
        assert gpu.check_right(exercise, kernel, exercise.cases(np.random.default_rng(2))) == []
        given = kernel.values() if isinstance(kernel, dict) else [kernel]
        assert check(exercise.id, *given, seed=2).passed


# El simulador de Numba hace las veces de tarjeta: prueba las copias y las guardas, no la GPU.
ON_NUMBA_SIMULATOR = """
import sys
sys.path[:0] = {path!r}
import numpy as np
from numba import cuda
from urdimbre.exercises import get
from urdimbre.grading import compare, gpu
exercise = get("block_reverse")
namespace = {{}}
exec(open({solution!r}, encoding="utf-8").read(), namespace)
for case in exercise.cases(np.random.default_rng(3))[1:4]:
    after, intact = gpu.run(cuda, namespace["block_reverse"], case)
    assert intact
    assert compare.outputs(case, after, ("x", "out"), exercise.tolerance) == []
    assert compare.inputs(case, after, ("x", "out")) == []
    print(case.name)
"""


@pytest.mark.skipif(importlib.util.find_spec("numba") is None, reason="Numba no está instalado")
def test_the_guarded_run_leaves_the_right_outputs_and_intact_guards():
    exercise = get("block_reverse")
    solution = ROOT / "solutions" / exercise.unit / f"{exercise.id}.py"
    script = ON_NUMBA_SIMULATOR.format(path=[str(ROOT / "src")], solution=str(solution))
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | {"NUMBA_ENABLE_CUDASIM": "1"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert len(done.stdout.splitlines()) == 3


@pytest.mark.parametrize("place", [0, gpu.GUARD - 1, gpu.GUARD + 5, -1])
def test_a_changed_guard_is_noticed(place):
    buffer = gpu._guarded(np.zeros(5, np.float32))
    assert gpu._intact(buffer)
    buffer[place] = 1.0
    assert not gpu._intact(buffer)


def test_without_a_real_dispatcher_the_card_is_not_used():
    assert gpu.check_right(get("vector_add"), object(), []) == []
