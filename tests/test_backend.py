"""El backend: un proceso por caso, porque cambia lo que significa ``import numba.cuda``."""

import subprocess
import sys

import pytest

KERNEL = """
import numpy as np
@cuda.jit
def k(a):
    a[cuda.grid(1)] *= 2
a = np.ones(32, np.float32)
k[1, 32](a)
assert a.sum() == 64
"""


def run(code, *flags):
    return subprocess.run(
        [sys.executable, *flags, "-c", code], capture_output=True, text=True, timeout=120
    )


@pytest.mark.parametrize(
    "imports",
    ["from numba import cuda", "import numba.cuda as cuda", "import numba.cuda\ncuda = numba.cuda"],
)
def test_the_simulator_answers_to_every_import(imports, tmp_path):
    path = tmp_path / "program.py"
    path.write_text(f"import urdimbre\nurdimbre.enable('sim')\n{imports}\n{KERNEL}")
    done = subprocess.run([sys.executable, str(path)], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "Urdimbre: simulador, sin GPU. Se pidió el simulador.\n"


def test_without_numba_a_small_numba_takes_its_place(tmp_path):
    path = tmp_path / "program.py"
    path.write_text(
        "import sys\n"
        "class Hide:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.split('.')[0] == 'numba': raise ModuleNotFoundError(name)\n"
        "import urdimbre\n"
        "import urdimbre.backend as b\n"
        "b._numba_installed = lambda finder: False\n"
        "urdimbre.enable('sim', quiet=True)\n"
        f"from numba import cuda, float32\n{KERNEL}\n"
        "import numba\nassert not hasattr(numba, 'njit') and numba.float32(1.5) == 1.5\n"
    )
    done = subprocess.run([sys.executable, str(path)], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr


def test_asking_for_a_gpu_that_is_not_there_is_clear():
    from urdimbre.backend import driver_devices

    if driver_devices()[0]:
        pytest.skip("hay una GPU: este caso es el de un equipo sin ella")
    done = run("import urdimbre; urdimbre.enable('gpu')")
    assert done.returncode == 1
    assert "BackendError: Se pidió una GPU y no se puede usar" in done.stderr


def test_unknown_mode():
    done = run("import urdimbre; urdimbre.enable('tpu')")
    assert "El backend «tpu» no existe" in done.stderr


@pytest.mark.parametrize(
    "heavy", ["numba", "cupy", "IPython", "matplotlib", "nbgrader", "nbformat"]
)
def test_import_is_light(heavy):
    code = (
        "import urdimbre, sys; urdimbre.enable('sim'); import urdimbre.sim; "
        f"assert {heavy!r} not in sys.modules"
    )
    done = run(code)
    assert done.returncode == 0, done.stderr


def test_what_the_simulator_lacks_is_named_in_spanish():
    done = run("import urdimbre; urdimbre.enable('sim')\nimport numba.cuda.codegen")
    assert "ModuleNotFoundError: El simulador no tiene «numba.cuda.codegen»." in done.stderr
