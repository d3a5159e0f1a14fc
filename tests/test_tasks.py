"""``tareas.py``: lo primero que corre un recién llegado, con la biblioteca estándar y nada más."""

from __future__ import annotations

import ast
import importlib.util
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).parents[1]
SCRIPT = ROOT / "tareas.py"


@pytest.fixture
def tasks(tmp_path, monkeypatch):
    """``tareas.py`` como módulo, con su entorno en una carpeta vacía."""
    spec = importlib.util.spec_from_file_location("tareas", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "VENV", tmp_path)
    monkeypatch.setattr(module, "LOG", tmp_path / "instalacion.log")
    return module


def run(*arguments):
    command = [sys.executable, str(SCRIPT), *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT)


def test_it_uses_only_the_standard_library():
    tree = ast.parse(SCRIPT.read_text(encoding="utf-8"))
    names = {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    names |= {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    assert {name.split(".")[0] for name in names} <= set(sys.stdlib_module_names)


def test_an_old_python_can_read_it_to_say_that_it_is_old():
    ast.parse(SCRIPT.read_text(encoding="utf-8"), feature_version=(3, 7))


def test_an_old_python_is_told_what_to_do(tasks, monkeypatch):
    monkeypatch.setattr(tasks.sys, "version_info", (3, 9, 1))
    monkeypatch.setattr(tasks.shutil, "which", lambda name: None)
    with pytest.raises(SystemExit, match=r"Python 3\.11 o posterior, y este es el 3\.9"):
        tasks.require_python()


def test_the_help_is_spanish_and_names_every_task(tasks):
    done = run("--help")
    assert done.returncode == 0
    assert all(re.search(rf"^  {name} ", done.stdout, re.MULTILINE) for name in tasks.TASKS)
    assert not re.search(r"\b(usage|options|positional|show)\b", done.stdout)


@pytest.mark.parametrize(
    "arguments", [(), ("nada",), ("abrir", "--puerto", "x"), ("abrir", "--no")]
)
def test_a_wrong_order_is_explained(arguments):
    done = run(*arguments)
    assert done.returncode == 1
    assert "tareas.py: no se entiende" in done.stderr
    assert not re.search(r"\b(usage|error|invalid)\b", done.stderr)


def test_the_makefile_offers_the_same_tasks(tasks):
    rules = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(set(rules) - {"ayuda"}) == sorted(tasks.TASKS)


def test_it_installs_again_only_if_something_changed(tasks, monkeypatch):
    done = []
    monkeypatch.setattr(tasks, "create_venv", lambda: None)
    monkeypatch.setattr(tasks, "runs", lambda python: True)
    monkeypatch.setattr(tasks, "pip", lambda *arguments: done.append(arguments))
    tasks.install("desarrollo")
    assert ("install", "-r", "requirements-dev.txt") in done
    done.clear()
    tasks.install("desarrollo")
    tasks.install("curso")  # lo de desarrollo lo incluye
    assert done == []
    monkeypatch.setattr(tasks, "fingerprint", lambda profile: "otra")
    tasks.install("curso")
    assert ("install", "-r", "requirements.txt") in done


def test_a_failed_installation_shows_why_and_is_not_taken_for_done(tasks, monkeypatch):
    monkeypatch.setattr(tasks, "create_venv", lambda: None)
    monkeypatch.setattr(tasks, "PYTHON", Path(sys.executable))
    monkeypatch.setattr(tasks, "PROFILES", {"curso": "no-existe.txt"})
    monkeypatch.setattr(tasks, "fingerprint", lambda profile: "x")
    with pytest.raises(tasks.Failure, match=r"no-existe\.txt"):
        tasks.install("curso")
    assert not tasks.stamp("curso").exists()


def test_the_versions_are_pinned_once():
    direct = [
        line.split("==")[0].lower()
        for name in ("requirements.txt", "requirements-dev.txt")
        for line in (ROOT / name).read_text(encoding="utf-8").splitlines()
        if line and not line.startswith(("#", "-"))
    ]
    assert len(direct) == len(set(direct))
    pinned = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()[1:]
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", line) for line in pinned)
    assert not {line.split("==")[0].lower() for line in pinned} & set(direct)


def test_the_pins_install_on_the_oldest_python(tasks):
    """Las versiones se fijan con un Python y se instalan con otro: 3.11.2 también es un 3.11."""
    oldest = ".".join(map(str, (*tasks.MINIMUM, 0)))
    pinned = [
        name
        for file in ("constraints.txt", *tasks.PROFILES.values())
        for name in map(tasks.name_of, tasks.lines_of(file))
    ]
    installed = {tasks.name_of(found.name + "=="): found for found in metadata.distributions()}
    asked = {name: installed[name].metadata.get("Requires-Python") or "" for name in pinned
             if name in installed}  # fmt: skip
    assert len(asked) > 100
    assert {name: why for name, why in asked.items() if oldest not in SpecifierSet(why)} == {}


def test_every_direct_requirement_is_pinned():
    for name in ("requirements.txt", "requirements-dev.txt", "requirements-gpu.txt"):
        lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
        asked = [line for line in lines if line and not line.startswith(("#", "-"))]
        assert asked
        assert all("==" in line for line in asked)
