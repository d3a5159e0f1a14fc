"""El diagnóstico: qué dice con GPU, sin ella y con cosas que faltan."""

from __future__ import annotations

import pytest

from urdimbre import backend, doctor, nvidia
from urdimbre.nvidia import Driver

WITHOUT = Driver()
AMPERE, PASCAL, BLACKWELL, KEPLER = (8, 6), (6, 1), (12, 0), (3, 7)


@pytest.fixture
def machine(monkeypatch):
    """Hace creer que el equipo tiene ese controlador y esos paquetes, y ninguno más."""

    def describe(driver, packages):
        monkeypatch.setattr(nvidia, "driver", lambda: driver)
        monkeypatch.setattr(nvidia, "is_wsl", lambda: False)
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
    ("cuda", "capability", "expected"),
    [
        ((12, 0), AMPERE, "requirements-gpu.txt"),
        ((13, 0), AMPERE, "requirements-gpu-cuda13.txt"),
        ((13, 0), PASCAL, "requirements-gpu.txt"),
        ((13, 0), BLACKWELL, "requirements-gpu-cuda13.txt"),
    ],
)
def test_the_advice_matches_the_driver_and_the_card(machine, cuda, capability, expected):
    found = machine(Driver(cuda, (capability,), ("Una tarjeta",)), everything())
    assert found.advice == (f"Para usar la GPU: pip install -r {expected}",)
    assert ("Tarjeta", "Una tarjeta") in found.rows


def test_the_rows_say_what_each_card_is(machine):
    found = machine(Driver((13, 0), (PASCAL, AMPERE, AMPERE)), everything())
    assert ("Controlador de NVIDIA", "CUDA 13.0, 3 GPU") in found.rows
    assert [state for name, state in found.rows if name == "Capacidad"] == [
        "6.1: Maxwell, Pascal o Volta", "8.6: Turing, Ampere, Ada o Hopper",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("driver", "words"),
    [
        (Driver((11, 4), (AMPERE,)), ("CUDA 12 (serie 525", "El tuyo es de CUDA 11.4")),
        (Driver((12, 8), (BLACKWELL,)), ("Blackwell", "CUDA 13 (serie 580", "CUDA 12.8")),
        (Driver((11, 4), (KEPLER,)), ("anterior a Maxwell", "simulador")),
        (Driver((13, 0), (PASCAL, BLACKWELL)), ("distintas", "CUDA_VISIBLE_DEVICES")),
        (Driver((13, 0), (), ("NVIDIA H100, 580.1, [N/A]",)), ("MIG", "CUDA_VISIBLE_DEVICES")),
        (Driver((12, 8), complaint="Failed to initialize NVML"), ("initialize NVML", "reinicia")),
    ],
)
def test_each_trouble_has_its_step(machine, driver, words):
    (step,) = machine(driver, everything()).advice
    assert all(word in step for word in words), step


def test_inside_windows_the_driver_goes_in_windows(machine, monkeypatch):
    machine(WITHOUT, everything())
    monkeypatch.setattr(nvidia, "is_wsl", lambda: True)
    found = doctor.diagnose()
    assert "se instala en Windows" in found.advice[0]
    assert dict(found.rows)["Sistema"].endswith("(WSL2)")


def test_two_cupys_are_one_too_many(machine):
    packages = everything(**{"cupy-cuda12x": "14", "cupy-cuda13x": "14"})
    (step,) = machine(Driver((13, 0), (AMPERE,)), packages).advice
    assert "pip uninstall -y cupy-cuda12x cupy-cuda13x" in step


def test_the_other_cuda_asks_for_a_new_environment(machine):
    packages = everything(**{"cupy-cuda12x": "14", "numba-cuda": "0.30"})
    (step,) = machine(Driver((13, 0), (BLACKWELL,)), packages).advice
    assert "cupy-cuda12x" in step and "-r requirements-gpu-cuda13.txt" in step


def test_a_complete_machine_with_gpu_needs_nothing(machine):
    packages = everything(**{"cupy-cuda12x": "14", "numba-cuda": "0.30"})
    for cuda in ((12, 8), (13, 0)):
        assert machine(Driver(cuda, (AMPERE,)), packages).advice == ()


# --- El kernel de prueba ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("failed", "state", "advice"),
    [
        ("", "corre bien", ()),
        (
            "LinkerError: CUDA_ERROR_UNSUPPORTED_PTX_VERSION",
            "LinkerError: CUDA_ERROR_UNSUPPORTED_PTX_VERSION",
            (doctor.BROKEN.format(file="requirements-gpu.txt"),),
        ),
    ],
)
def test_with_a_gpu_a_kernel_is_tried_on_it(machine, monkeypatch, failed, state, advice):
    card = Driver((12, 4), ((7, 5),))
    machine(card, everything(**{"cupy-cuda12x": "14", "numba-cuda": "0.30"}))
    monkeypatch.setattr(backend, "gpu_status", lambda: ("Tesla T4", ""))
    monkeypatch.setattr(doctor, "trial", lambda: failed)
    found = doctor.diagnose()
    assert dict(found.rows)["Kernel de prueba"] == state and found.advice == advice


def test_the_trial_runs_and_tells_what_broke():
    simulated = "import urdimbre; urdimbre.enable('sim', quiet=True)\n"
    assert doctor.trial(simulated + doctor.TRIAL) == ""
    wrong = doctor.TRIAL.replace("add[1, 32]", "add[1, 31]")
    assert doctor.trial(simulated + wrong) == "AssertionError: dio 31.0 y debía dar 32"
