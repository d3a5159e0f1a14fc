"""Las pruebas de Numba CUDA pasan con el simulador en el lugar de ``numba.cuda``.

Lo que no pasa está en ``numba_exceptions.py``, con su razón. Con ``URDIMBRE_NUMBA=1`` se corren
también las que tardan.
"""

import importlib.util
import json
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

import pytest
from numba_exceptions import EXCEPTIONS

RUNNER = Path(__file__).with_name("numba_suite.py")
ENOUGH = 600  # de las 1135 de Numba 0.68; si son menos, algo impide que corran


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory):
    """Cada prueba de Numba, con su desenlace y su motivo."""
    spec = importlib.util.find_spec("numba")
    if spec is None or not spec.origin:
        pytest.skip("Numba no está instalado")
    if not Path(spec.origin).with_name("cuda").joinpath("tests").is_dir():
        pytest.skip("esta instalación de Numba no trae sus pruebas de CUDA")
    out = tmp_path_factory.mktemp("numba") / "outcomes.json"
    command = [sys.executable, "-W", "ignore", str(RUNNER), str(out)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(out.read_text(encoding="utf-8"))


def test_numbas_own_tests_pass(outcomes):
    wrong = [f"{name}\n{why}" for name, outcome, why in outcomes
             if outcome == "fail" and not any(fnmatch(name, p) for p in EXCEPTIONS)]  # fmt: skip
    assert not wrong, "\n\n".join(wrong)
    assert sum(outcome == "ok" for _, outcome, _ in outcomes) > ENOUGH


def test_every_exception_is_still_needed(outcomes):
    failed = [name for name, outcome, _ in outcomes if outcome == "fail"]
    unneeded = [p for p in EXCEPTIONS if not any(fnmatch(name, p) for name in failed)]
    assert not unneeded, f"ya pasan, o ya no existen: quita su fila. {unneeded}"
