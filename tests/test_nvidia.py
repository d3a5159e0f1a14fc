"""El controlador y las tarjetas: equipos inventados, con lo que responden en cada caso."""

from __future__ import annotations

import os
from contextlib import nullcontext
from pathlib import Path

import pytest

from urdimbre import nvidia
from urdimbre.nvidia import Driver

ROOT = Path(__file__).parents[1]
GPU12, GPU13 = "requirements-gpu.txt", "requirements-gpu-cuda13.txt"


class Library:
    """Un ``libcuda`` inventado: versión, tarjetas y el código que devuelve ``cuInit``."""

    def __init__(self, cuda, capabilities, state=0):
        self.cuda, self.capabilities, self.state = cuda, capabilities, state

    def cuDriverGetVersion(self, out):
        out._obj.value = 1000 * self.cuda[0] + 10 * self.cuda[1]
        return 0

    def cuInit(self, flags):
        return self.state

    def cuDeviceGetCount(self, out):
        out._obj.value = len(self.capabilities)
        return 0

    def cuDeviceGetAttribute(self, out, attribute, device):
        out._obj.value = self.capabilities[device][attribute - nvidia.MAJOR]
        return 0


@pytest.fixture
def machine(monkeypatch, tmp_path):
    """Un equipo con ese ``libcuda`` y un ``nvidia-smi`` que escribe eso y sale con ese código."""

    def build(library, said=None, code=0):
        monkeypatch.setattr(nvidia, "_library", lambda: library)
        monkeypatch.setattr(nvidia, "WSL", str(tmp_path / "wsl"))
        monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}/usr/bin{os.pathsep}/bin")
        if said is not None:
            program = tmp_path / "nvidia-smi"
            program.write_text(f"#!/bin/sh\ncat <<'X'\n{said}\nX\nexit {code}\n", "utf-8")
            program.chmod(0o755)
        return nvidia.driver()

    return build


# --- Lo que se lee ---------------------------------------------------------------------------


def test_a_machine_without_a_driver(machine):
    assert machine(None) == Driver()


def test_one_card(machine):
    found = machine(Library((12, 8), [(8, 9)]), "NVIDIA GeForce RTX 4090, 570.86.10, 24564 MiB")
    assert found.cuda == (12, 8) and found.capabilities == ((8, 9),)
    assert found.cards == ("NVIDIA GeForce RTX 4090, 570.86.10, 24564 MiB",)


def test_several_cards_are_all_seen(machine):
    said = "Tesla P100-PCIE-16GB, 580.65.06, 16384 MiB\nNVIDIA L4, 580.65.06, 23034 MiB"
    found = machine(Library((13, 0), [(6, 0), (8, 9)]), said)
    assert found.capabilities == ((6, 0), (8, 9)) and len(found.cards) == 2


def test_a_sliced_card_without_an_instance_is_a_card_that_cuda_does_not_see(machine):
    found = machine(Library((13, 0), []), "NVIDIA H100 80GB HBM3, 580.65.06, [N/A]")
    assert found.capabilities == () and found.cards == ("NVIDIA H100 80GB HBM3, 580.65.06, [N/A]",)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.", 9),
        ("Failed to initialize NVML: Driver/library version mismatch", 18),
    ],
)
def test_a_complaint_is_kept_and_is_no_card(machine, said, code):
    found = machine(Library((12, 8), [(8, 9)], state=100), said, code)
    assert found == Driver(cuda=(12, 8), complaint=said)


def test_inside_windows_it_is_where_windows_leaves_it(machine, monkeypatch, tmp_path):
    (tmp_path / "wsl").mkdir()
    program = tmp_path / "wsl" / "nvidia-smi"
    program.write_text("#!/bin/sh\necho 'NVIDIA GeForce RTX 5070, 581.29, 12227 MiB'\n", "utf-8")
    program.chmod(0o755)
    found = machine(Library((13, 0), [(12, 0)]))
    assert found.cards == ("NVIDIA GeForce RTX 5070, 581.29, 12227 MiB",)
    assert nvidia.is_wsl()


# --- La regla --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cuda", "capabilities", "file"),
    [
        ((12, 0), [(5, 0)], GPU12),
        ((13, 0), [(6, 1)], GPU12),  # Pascal con el último controlador que la admite, el 580
        ((13, 0), [(7, 0)], GPU12),
        ((12, 8), [(7, 5)], GPU12),
        ((13, 0), [(7, 5)], GPU13),
        ((12, 4), [(8, 0)], GPU12),
        ((13, 1), [(9, 0)], GPU13),
        ((14, 0), [(8, 9)], GPU13),
        ((13, 0), [(10, 0)], GPU13),
        ((13, 0), [(12, 1)], GPU13),
        ((12, 9), [(12, 0)], ""),  # hay que actualizar el controlador
        ((11, 4), [(8, 6)], ""),
        ((13, 0), [(3, 7)], ""),
        ((13, 0), [(6, 0), (8, 9)], GPU12),
        ((13, 0), [(8, 9), (12, 0)], GPU13),
        ((13, 0), [(7, 0), (12, 0)], ""),
    ],
)
def test_the_file_of_each_machine(cuda, capabilities, file):
    assert nvidia.requirements_for(cuda, capabilities) == file


def test_a_card_between_two_rows_belongs_to_the_older():
    names = {(7, 2): "Volta", (8, 7): "Ampere", (10, 3): "Blackwell", (11, 0): "Blackwell"}
    assert all(name in nvidia.generation_of(c).name for c, name in names.items())


def test_the_files_exist_and_ask_for_one_cuda_each():
    for version, name in (nvidia.CUDA_12 | nvidia.CUDA_13).items():
        text = (ROOT / name).read_text(encoding="utf-8")
        asked = [line for line in text.splitlines() if line and not line.startswith("#")]
        assert len(asked) == 2
        assert all(f"{version}" in line for line in asked)
        assert str(nvidia.SERIES[version]) in text


def test_the_readme_shows_the_same_table():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    for generation in nvidia.GENERATIONS[1:]:
        (row,) = (row for row in rows if generation.name in row)
        assert f"{'.'.join(map(str, generation.since))}" in row
        assert [name for name in (GPU12, GPU13) if f"`{name}`" in row] == [
            *generation.files.values()
        ]


# --- La regla, contra el compilador ----------------------------------------------------------


@pytest.mark.parametrize(
    "capability", [(5, 0), (7, 0), (7, 5), (9, 0), (10, 0), (12, 0)], ids=lambda c: f"{c[0]}.{c[1]}"
)
def test_the_installed_compiler_agrees_with_the_table(capability):
    """Con el CUDA instalado, una suma atómica compila justo donde la tabla lo dice."""
    pytest.importorskip("numba_cuda", reason="numba-cuda no está instalado")
    from cuda.bindings import nvrtc
    from numba import cuda, float32

    def tally(out):
        cuda.atomic.add(out, 0, float32(1))

    major = nvrtc.nvrtcVersion()[1]
    offered = major in nvidia.generation_of(capability).files
    with nullcontext() if offered else pytest.raises(Exception, match=r"not supported|INVALID_IR"):
        cuda.compile_ptx(tally, (float32[::1],), cc=capability)
