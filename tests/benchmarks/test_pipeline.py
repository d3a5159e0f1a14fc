"""``make gpu`` de punta a punta: procesos de verdad, herramientas que imitan a las de NVIDIA.

Los imitadores están en ``stand_in/`` y escriben lo que muestran la documentación y los registros
publicados de cada herramienta. La tarjeta es el simulador.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import gpu
import pytest
from card import clinic, experiments, machine, running, speed, stages, tables, tools
from card.records import Record, problems

from urdimbre.plots import recorded

STAND_IN = Path(__file__).parent / "stand_in"
sys.path.insert(0, str(STAND_IN))
import card_program  # noqa: E402
from card_program import MACHINE, SIZES  # noqa: E402

SICK = ("race_raw", "case_two", "case_five", "case_one_mended")
pytestmark = pytest.mark.skipif(os.name == "nt", reason="los imitadores son programas de Unix")


@pytest.fixture
def card(monkeypatch, tmp_path):
    """La tarjeta, con ``ncu`` y ``compute-sanitizer`` en el camino; da la carpeta de resultados."""
    cuda = card_program.clocked()
    monkeypatch.setattr(machine, "usable", lambda: (cuda, ""))
    monkeypatch.setattr(machine, "describe", lambda *_: MACHINE)
    monkeypatch.setattr(stages, "chosen", card_program.small)
    monkeypatch.setattr(gpu, "HERE", STAND_IN / "card_program.py")
    monkeypatch.setattr(gpu, "tests", list)
    monkeypatch.setattr(clinic, "PATIENTS", tuple(p for p in clinic.PATIENTS if p.kernel in SICK))
    monkeypatch.setattr(experiments, "EXPERIMENTS", card_program.EXPERIMENTS)
    monkeypatch.setattr(experiments, "PROFILED", card_program.PROFILED)
    program = [sys.executable, str(STAND_IN / "card_program.py"), "target"]
    monkeypatch.setattr(tools, "target", lambda *arguments: [*program, *arguments])
    monkeypatch.setenv("PYTHONPATH", str(STAND_IN))
    install(monkeypatch, tmp_path / "bin", "ncu", "compute-sanitizer")
    return tmp_path / "results" / "2030-01-02-tarjeta-de-prueba"


def install(monkeypatch, folder, *names):
    """Deja en el camino solo esas herramientas."""
    folder.mkdir()
    for name in names:
        path = folder / name
        path.write_text(f'#!/bin/sh\nexec {sys.executable} {STAND_IN / name}.py "$@"\n', "utf-8")
        path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}/usr/bin{os.pathsep}/bin")
    monkeypatch.setattr(tools, "PLACES", ())


def run(folder, *options):
    return gpu.main([*options, "--carpeta", str(folder)])


def read(folder, kind):
    data = json.loads((folder / f"{kind}.json").read_text("utf-8"))
    assert problems(data) == []
    return data["ladders"]


def rows(folder, kind):
    return [entry for ladder in read(folder, kind).values() for entry in ladder["entries"]]


# --- Todo bien -------------------------------------------------------------------------------


def test_everything_from_the_command_to_the_page_of_the_book(card, capfd, monkeypatch):
    assert run(card) == 0
    for kind in ("parity", "speed", "counters", "sanitizer"):
        assert all(ladder["complete"] for ladder in read(card, kind).values()), kind
    assert {row["status"] for row in rows(card, "parity")} == {"ok"}
    measured = [e for e in rows(card, "speed") if e["role"] == "rung"]
    assert {e["status"] for e in measured} == {"ok"} and all(e["digests"] for e in measured)
    launches = [x for row in rows(card, "counters") for x in row["launches"]]
    assert all(m["equal"] for launch in launches for m in launch["metrics"].values())
    found = {row["name"].split("/")[1]: row for row in rows(card, "sanitizer")}
    assert set(found) == set(SICK) and {row["status"] for row in found.values()} == {"ok"}
    assert all(t["agree"] for row in found.values() for t in row["tools"].values())
    asked = {row["name"]: row for row in rows(card, "experiments")}
    assert set(asked) == set(card_program.ASKED)
    assert {row["status"] for row in asked.values()} == {"ok"}
    assert asked["block_error"]["card"] == [["error", 25, 31]]
    text = (card / "tables.md").read_text("utf-8")
    assert "`transpose_padded`" in text and "No se corrió" not in text
    assert f"Resultados en {card}" in capfd.readouterr().out
    (card.parents[1] / "benchmarks").mkdir()
    card.parent.rename(card.parents[1] / "benchmarks" / "results")
    monkeypatch.chdir(card.parents[1])
    shown = recorded.text(*SIZES)
    assert shown.count("Medido el 2030-01-02 en una Tarjeta de prueba") == len(SIZES)
    assert "versión anterior" not in shown


# --- Lo que puede faltar ---------------------------------------------------------------------


def test_without_the_tools_each_row_says_which_one_is_missing(card, monkeypatch, tmp_path):
    install(monkeypatch, tmp_path / "empty")
    assert run(card, "--counters", "--sanitizer") == 0
    assert {row["why"] for row in rows(card, "counters")} == {"no está ncu"}
    assert all("no está compute-sanitizer" in row["why"] for row in rows(card, "sanitizer"))
    assert "no está ncu" in (card / "tables.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("trouble", "stage", "reason", "calls"),
    [
        ("permission", "counters", "NVreg_RestrictProfilingToAdminUsers=0", 1),
        ("old", "counters", "ninguna de las métricas", 2),
        ("device", "sanitizer", "Device not supported", 1),
        ("dead", "sanitizer", "no llegó a lanzarse", 12),
    ],
)
def test_a_tool_that_cannot_is_not_called_again(card, monkeypatch, trouble, stage, reason, calls):
    called, real = [], tools.run
    monkeypatch.setattr(tools, "run", lambda *a, **k: called.append(a) or real(*a, **k))
    monkeypatch.setattr(stages, "experiment", lambda *_: None)
    monkeypatch.setenv("TROUBLE", trouble)
    assert run(card, f"--{stage}") == 0
    assert rows(card, stage) and all(reason in row["why"] for row in rows(card, stage))
    assert len(called) == calls


def test_a_tool_that_hangs_fails_alone(card, monkeypatch):
    monkeypatch.setenv("TROUBLE", "hang")
    monkeypatch.setattr(stages.Tool.__init__, "__defaults__", (1.0,))
    record = Record(card, "counters", MACHINE)
    hasty = stages.Tool("ncu", 1.0)
    monkeypatch.setattr(stages, "Tool", lambda *_, **__: hasty)
    stages.count(card_program.small(["transpose"]), record)
    assert {row["why"] for row in rows(card, "counters")} == {"no terminó en 1 s"}


def test_an_option_that_ncu_does_not_have_is_told(card, monkeypatch):
    monkeypatch.setattr(
        "card.counters.command", lambda ncu, *_: [ncu, "--nada", *tools.target("transpose")]
    )
    stages.count(card_program.small(["transpose"]), Record(card, "counters", MACHINE))
    assert all("unrecognised option" in row["why"] for row in rows(card, "counters"))


def test_a_smaller_problem_if_the_memory_is_not_enough(monkeypatch):
    asked, cuda = [], card_program.clocked()

    def on_device(case, cuda):
        asked.append(case.args[0].shape[0])
        if asked[-1] > 16:
            raise RuntimeError("[CUresult.CUDA_ERROR_OUT_OF_MEMORY] Call to cuMemAlloc results in")
        return case.args

    monkeypatch.setattr(running, "on_device", on_device)
    monkeypatch.setattr(speed, "SMALLEST", 16)
    (ladder,) = card_program.small(["transpose"])
    assert speed.prepared(ladder, cuda)[0] == 16
    assert asked == [64, 32, 16]
    monkeypatch.setattr(speed, "SMALLEST", 32)
    with pytest.raises(RuntimeError, match="OUT_OF_MEMORY"):
        speed.prepared(ladder, cuda)


# --- Lo que se corta -------------------------------------------------------------------------


def test_a_rung_that_kills_its_process_loses_only_itself(card, monkeypatch, capsys):
    monkeypatch.setenv("TROUBLE", "crash")
    assert run(card, "--parity") == 1
    assert "no se pudo: parity, transpose: terminó con código 139" in capsys.readouterr().out
    found = read(card, "parity")
    assert [len(found[name]["entries"]) for name in SIZES] == [2, 5]
    assert [found[name]["complete"] for name in SIZES] == [False, True]
    monkeypatch.delenv("TROUBLE")
    again, real = [], stages.in_own_process
    monkeypatch.setattr(stages, "in_own_process", lambda *a: again.append(a[2].name) or real(*a))
    assert run(card, "--parity", "--continuar") == 0
    assert again == ["transpose"]
    assert [len(x["entries"]) for x in read(card, "parity").values()] == [5, 5]


def test_an_interrupted_run_goes_on_where_it_was(card, monkeypatch):
    real, seen = stages.in_own_process, []

    def interrupted(script, stage, ladder, folder):
        seen.append((stage, ladder.name))
        if len(seen) == 2:
            raise KeyboardInterrupt
        return real(script, stage, ladder, folder)

    monkeypatch.setattr(stages, "in_own_process", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run(card, "--parity", "--speed")
    assert set(read(card, "parity")) == {"transpose"}
    run(card, "--parity", "--speed", "--continuar")
    assert seen[2:] == [("parity", "softmax"), ("speed", "transpose"), ("speed", "softmax")]
    assert "`softmax_row`" in (card / "tables.md").read_text("utf-8")


def test_the_tools_are_not_run_again_either(card, monkeypatch, tmp_path):
    install(monkeypatch, tmp_path / "empty")
    assert run(card, "--counters", "--sanitizer") == 0
    kinds = ("counters", "sanitizer", "experiments")
    before = [read(card, kind) for kind in kinds]
    monkeypatch.setattr(tools, "run", lambda *_, **__: pytest.fail("no había nada que repetir"))
    assert run(card, "--counters", "--sanitizer", "--continuar") == 0
    assert [read(card, kind) for kind in kinds] == before


def test_a_broken_file_is_set_aside(tmp_path):
    (tmp_path / "parity.json").write_text('{"schema": 1, "lad', "utf-8")
    record = Record(tmp_path, "parity", MACHINE)
    record.start("a")
    record.finish("a")
    assert (tmp_path / "parity.roto").read_text("utf-8").startswith('{"schema"')
    assert read(tmp_path, "parity")["a"]["complete"]


def test_a_card_that_disappears_is_a_failure_of_its_ladder(tmp_path):
    # El hijo no puede decir «no hay tarjeta» y terminar bien: su escalera quedaría en blanco.
    order = ["--parity", "--solo", "transpose", "--aqui", "--carpeta", str(tmp_path)]
    done = subprocess.run(
        [sys.executable, str(gpu.ROOT / "benchmarks" / "gpu.py"), *order],
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    if machine.usable()[0] is not None:
        pytest.skip("esta máquina tiene una tarjeta")
    assert done.returncode == 1 and "La tarjeta dejó de responder" in done.stderr


# --- Con lo mínimo ---------------------------------------------------------------------------


def test_it_needs_nothing_but_numpy_and_numba(tmp_path):
    """Con solo requirements-gpu.txt: sin pytest, IPython, Matplotlib ni los oráculos."""
    folder = ["--carpeta", str(tmp_path)]
    absent = ("pytest", "IPython", "matplotlib", "array_api_compat", "cupy", "torch", "jupyterlab")
    code = (
        "import runpy, sys\n"
        f"for name in {absent}: sys.modules[name] = None\n"
        f"sys.argv[1:] = {['--parity', '--speed', '--tables', '--aqui', *folder]}\n"
        f"runpy.run_path({str(STAND_IN / 'card_program.py')!r}, run_name='__main__')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert {row["status"] for row in rows(tmp_path, "parity")} == {"ok"}
    vendors = {e["name"]: e for e in rows(tmp_path, "speed") if e["role"] == "vendor"}
    assert "cupy" in vendors["cupy_transpose"]["why"] and vendors["copy"]["status"] == "ok"
    assert tables.write(tmp_path).is_file()


def test_without_pytest_its_absence_is_told(monkeypatch, capsys):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert gpu.tests() == []
    assert "pytest no está instalado" in capsys.readouterr().out
