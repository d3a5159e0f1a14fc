"""La dirección de las importaciones, y que ``import urdimbre`` sea ligero."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

SRC = Path(__file__).parents[1] / "src"

# Capa -> las otras capas que puede importar. Una capa es un módulo o un paquete de primer nivel.
FOUNDATION = {"errors"}
ALLOWED = {
    "errors": set(),
    "command_line": set(),
    "reference": FOUNDATION,
    "sim": FOUNDATION,
    "backend": {"errors", "sim"},
    "observe": {"compiler", "errors", "sim"},
    "compiler": {"errors", "sim"},
    "plots": {"compiler", "errors", "observe", "sim"},
    "exercises": {"errors", "reference", "sim"},
    "grading": {
        "backend", "command_line", "compiler", "errors", "exercises", "isolated", "observe",
        "plots", "reference", "sim",
    },
    # Aquí corre Python de quien entrega: no debe poder llegar a lo esperado.
    "isolated": {"backend"},
    "script": {"backend", "compiler", "errors", "observe", "plots", "sim"},
    "nvidia": {"backend"},
    "doctor": {"backend", "errors", "nvidia"},
    "course": {"backend", "command_line", "errors", "exercises", "grading"},
    "cli": {"command_line", "course", "doctor", "errors", "exercises", "grading", "script"},
    "__init__": {"backend", "compiler", "grading", "observe"},
    "__main__": {"cli"},
}  # fmt: skip

# Dentro del simulador, un paquete importa al cargarse solo de los que están antes.
SIM_ORDER = (
    "events", "typed", "memory", "lanes", "functions", "passes", "lower", "frontend", "supported",
    "host", "facade", "reading",
)  # fmt: skip

# observe solo conoce de sim los tipos de evento; quien además lanza kernels, está aquí.
LAUNCHES = {"observe/profile.py", "observe/roofline.py"}

HEAVY = ("numba", "cupy", "IPython", "matplotlib", "nbgrader", "yaml", "sphinx")


def modules() -> list[Path]:
    return sorted((SRC / "urdimbre").rglob("*.py"))


def layer(path: Path) -> str:
    return path.relative_to(SRC / "urdimbre").parts[0].removesuffix(".py")


def imported(path: Path) -> list[str]:
    """Los nombres completos de ``urdimbre`` que un módulo importa, también dentro de funciones."""
    package = path.relative_to(SRC).with_suffix("").parts[:-1]
    names = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            start = ".".join((*base, *filter(None, [node.module])))
            names += [f"{start}.{alias.name}" for alias in node.names]
    return [name for name in names if name.split(".")[0] == "urdimbre"]


def layers_of(names: list[str]) -> set[str]:
    known = {layer(path) for path in modules()}
    return {name.split(".")[1] for name in names if name.count(".")} & known


@pytest.mark.parametrize("path", modules(), ids=lambda p: p.relative_to(SRC).as_posix())
def test_imports_point_in_one_direction(path):
    own = layer(path)
    assert own in ALLOWED, f"La capa «{own}» no está en la tabla: decide qué puede importar."
    extra = layers_of(imported(path)) - ALLOWED[own] - {own}
    assert not extra, f"{path.name} importa de {sorted(extra)}, y «{own}» no puede."


def loaded_at_once(path: Path) -> list[str]:
    """Los módulos del simulador que otro importa al cargarse, no dentro de una función."""
    body = ast.parse(path.read_text(encoding="utf-8")).body
    found = [n.module or "" for n in body if isinstance(n, ast.ImportFrom)]
    return [name for name in found if name.startswith("urdimbre.sim.")]


@pytest.mark.parametrize("package", SIM_ORDER)
def test_the_simulator_is_built_from_the_bottom_up(package):
    below = SIM_ORDER[: SIM_ORDER.index(package) + 1]
    for path in (SRC / "urdimbre" / "sim").rglob("*.py"):
        if path.relative_to(SRC / "urdimbre" / "sim").parts[0].removesuffix(".py") == package:
            used = {name.split(".")[2] for name in loaded_at_once(path)}
            assert used <= set(below), f"{path.name} importa de {sorted(used - set(below))}"


def test_every_package_of_the_simulator_has_its_place():
    places = {p.stem for p in (SRC / "urdimbre" / "sim").iterdir() if not p.stem.startswith("__")}
    assert places == set(SIM_ORDER)


def test_observers_meet_the_simulator_only_at_its_events():
    for path in modules():
        name = path.relative_to(SRC / "urdimbre").as_posix()
        if layer(path) != "observe" or name in LAUNCHES:
            continue
        used = {n for n in imported(path) if n.startswith("urdimbre.sim")}
        assert all(n.startswith("urdimbre.sim.events") for n in used), (name, used)


def test_the_reader_of_imports_sees_every_form(tmp_path):
    # La prueba anterior no vale nada si el lector pasa por alto una forma de importar.
    path = SRC / "urdimbre" / "sim" / "invented.py"
    text = (
        "import urdimbre.a\nfrom urdimbre import b\nfrom ..c import d\nfrom . import e\n"
        "from .f import g\ndef h():\n    from urdimbre.i.j import k\n"
    )

    class Invented(type(path)):
        def read_text(self, encoding=None):
            return text

    assert imported(Invented(path)) == [
        "urdimbre.a",
        "urdimbre.b",
        "urdimbre.c.d",
        "urdimbre.sim.e",
        "urdimbre.sim.f.g",
        "urdimbre.i.j.k",
    ]


def loaded_by(statement: str) -> set[str]:
    code = f"import sys\n{statement}\nprint(*sorted({{n.split('.')[0] for n in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "statement",
    [
        "import urdimbre",
        "import urdimbre.sim",
        "import urdimbre.observe",
        "import urdimbre.cli",
        "import urdimbre.doctor",
        "from urdimbre.grading import check",
    ],
)
def test_importing_is_light(statement):
    assert not loaded_by(statement) & set(HEAVY)


def test_the_light_import_test_would_see_a_heavy_module():
    assert "yaml" in loaded_by("import yaml")
