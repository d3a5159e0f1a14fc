"""Los registros de un perfil: dados, grabados, pedidos al compilador o supuestos."""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest

import urdimbre
from urdimbre.compiler import recorded
from urdimbre.errors import ArgumentError, CompilerError
from urdimbre.observe import registers
from urdimbre.sim import facade as cuda

COMPILER = importlib.util.find_spec("numba_cuda") is not None


@cuda.jit
def scale(x, a):
    i = cuda.grid(1)
    if i < x.size:
        x[i] *= a


TEXT = """\
@cuda.jit
def scale(x, a):
    i = cuda.grid(1)
    if i < x.size:
        x[i] *= a
"""


def profiled(**options):
    x = np.ones(512, np.float32)
    return urdimbre.profile(scale[1, 512], x, np.float32(2), card="A100", **options)


@pytest.fixture
def recording(monkeypatch):
    """Una grabación con ese texto, y en cada fila los registros que se digan."""

    def build(*counts):
        rows = {
            f"u/scale#{k}": {"digest": recorded.digest(TEXT), "usages": {"8.0": [n, 0, 0, 0, 0]}}
            for k, n in enumerate(counts)
        }
        monkeypatch.setattr(recorded, "recording", lambda: {"kernels": rows})

    return build


def test_a_recorded_kernel_brings_its_registers(recording):
    # 512 hilos son 16 warps; con 64 registros, 2048 por warp: 65536 / 2048 = 32 warps de 64.
    recording(64)
    report = profiled()
    assert (report.registers, report.occupancy.ratio) == (64, 0.5)
    assert "64 registros por hilo, según el compilador: es lo grabado" in str(report)
    found = report.to_dict()["occupancy"]
    assert (found["registers_from"], found["is_bound"]) == ("recorded", False)


def test_the_same_registers_in_two_recordings_are_one_answer(recording):
    recording(64, 64)
    assert profiled().registers == 64


@pytest.mark.parametrize("counts", [(), (64, 40)])
def test_without_one_answer_the_registers_are_assumed(recording, counts):
    recording(*counts)
    report = profiled()
    assert report.registers is None and report.occupancy.ratio == 1.0
    assert "son un supuesto" in str(report) and "son un supuesto" in report._repr_html_()


def test_what_is_given_wins(recording):
    recording(64)
    report = profiled(registers=32)
    assert report.registers == 32 and "los que diste" in str(report)


def test_without_a_card_nothing_is_looked_up(recording):
    recording(64)
    x = np.ones(32, np.float32)
    assert urdimbre.profile(scale[1, 32], x, np.float32(2)).registers is None


@pytest.mark.parametrize("given", [0, -1, 256, True, "muchos", 2.5])
def test_a_wrong_count_is_refused_before_running(given):
    with pytest.raises(ArgumentError, match="de 1 a 255"):
        profiled(registers=given)


@pytest.mark.skipif(COMPILER, reason="el compilador está instalado")
def test_without_the_compiler_asking_it_says_what_to_install():
    with pytest.raises(CompilerError, match=r"requirements-compiler\.txt"):
        profiled(registers="compiler")


def test_the_compiler_is_asked_about_the_launched_types(monkeypatch):
    asked = []

    def answer(job, capability):
        asked.append((job.kernel.name, job.types, capability))
        return registers.Registers(48, registers.COMPILER)

    monkeypatch.setattr("urdimbre.compiler.toolchain.Toolchain.require", lambda self: None)
    monkeypatch.setattr(registers, "_from_compiler", answer)
    report = profiled(registers="compiler")
    assert report.registers == 48 and "según el compilador instalado" in str(report)
    ((name, types, capability),) = asked
    assert (name, len(types), capability) == ("scale", 2, "8.0")


@pytest.mark.skipif(not COMPILER, reason="el compilador no está instalado")
def test_the_compiler_answers_what_its_report_says():
    report = profiled(registers="compiler")
    wanted = urdimbre.compile_report(scale, (np.ones(2, np.float32), np.float32(2)), (8, 0))
    assert report.registers == wanted.registers > 0


@pytest.mark.skipif(not COMPILER, reason="el compilador no está instalado")
def test_what_the_compiler_refuses_stays_a_bound(monkeypatch):
    refused = {"compiles": False}
    monkeypatch.setattr("urdimbre.compiler.client.compile_in_worker", lambda *_: refused)
    report = profiled(registers="compiler")
    assert report.registers is None and "no aceptó el kernel" in str(report)
