"""El diagnóstico: qué dice con GPU, sin ella y con cosas que faltan."""

from __future__ import annotations

from pathlib import Path

import pytest

from urdimbre import backend, doctor
from urdimbre.doctor import Driver

ROOT = Path(__file__).parents[1]
WITHOUT = Driver(cuda=None, devices=0, cards=())


@pytest.fixture
def machine(monkeypatch):
    """Hace creer que el equipo tiene ese controlador y esos paquetes, y ninguno más."""

    def describe(driver, packages):
        monkeypatch.setattr(doctor, "driver", lambda: driver)
        monkeypatch.setattr(doctor, "installed", lambda name: packages.get(name, ""))
        status = ("", "No hay controlador de NVIDIA en este equipo.")
        monkeypatch.setattr(backend, "gpu_status", lambda: status)
        return doctor.diagnose()

    return describe


def everything(**more):
    return dict.fromkeys((*doctor.NEEDED, *doctor.COURSE), "1.0") | more


def test_a_complete_machine_without_gpu_is_healthy(machine):
    found = machine(WITHOUT, everything())
    assert found.healthy
    assert found.advice == ()
    assert str(found).startswith("Urdimbre: simulador, sin GPU.")
    assert str(found).endswith("No falta nada.")


def test_what_is_missing_comes_with_the_command(machine):
    packages = everything()
    del packages["nbgrader"]
    found = machine(WITHOUT, packages)
    assert found.healthy
    assert found.advice == ("Faltan nbgrader: pip install -r requirements.txt",)


def test_without_numpy_it_is_not_healthy(machine):
    packages = everything()
    del packages["numpy"]
    assert not machine(WITHOUT, packages).healthy


@pytest.mark.parametrize(
    ("cuda", "expected"),
    [
        ((12, 0), "requirements-gpu.txt"),
        ((12, 8), "requirements-gpu.txt"),
        ((13, 0), "requirements-gpu-cuda13.txt"),
        ((14, 1), "requirements-gpu-cuda13.txt"),
    ],
)
def test_the_advice_matches_the_driver(machine, cuda, expected):
    found = machine(Driver(cuda, 1, ("Una tarjeta",)), everything())
    assert found.advice == (f"Para usar la GPU: pip install -r {expected}",)
    assert ("Tarjeta", "Una tarjeta") in found.rows


def test_an_old_driver_is_to_be_updated(machine):
    (step,) = machine(Driver((11, 4), 1, ()), everything()).advice
    assert "CUDA 11.4" in step
    assert "actualízalo" in step


def test_two_cupys_are_one_too_many(machine):
    packages = everything(**{"cupy-cuda12x": "14", "cupy-cuda13x": "14"})
    (step,) = machine(Driver((13, 0), 1, ()), packages).advice
    assert "pip uninstall -y cupy-cuda12x cupy-cuda13x" in step


def test_a_complete_machine_with_gpu_needs_nothing(machine):
    packages = everything(**{"cupy-cuda12x": "14", "numba-cuda": "0.30"})
    assert machine(Driver((12, 8), 1, ()), packages).advice == ()


def test_the_files_it_names_exist():
    assert all((ROOT / name).is_file() for name in doctor.GPU_REQUIREMENTS.values())


def test_the_gpu_files_ask_for_one_cuda_each():
    for version, name in doctor.GPU_REQUIREMENTS.items():
        text = (ROOT / name).read_text(encoding="utf-8")
        asked = [line for line in text.splitlines() if line and not line.startswith("#")]
        assert len(asked) == 2
        assert all(f"{version}" in line for line in asked)
