"""La corrida entera con el simulador en lugar de la tarjeta, y el plan donde no hay ninguna."""

from __future__ import annotations

import dataclasses
import json
import re
import subprocess
import sys
import time
from datetime import datetime
from types import SimpleNamespace

import gpu
import numpy as np
import pytest
from card import chapters, machine, plan, speed, stages, tables, tools, vendors
from card.ladders import BY_NAME, LADDERS, one
from card.records import Record, problems

from urdimbre.backend import simulated_cuda
from urdimbre.plots import recorded

MACHINE = {
    "date": "2030-01-02T03:04:05", "card": "Tarjeta de prueba", "capability": "9.0",
    "multiprocessors": 1, "memory": 1 << 30, "driver": "1.2", "cuda": "12.9", "python": "3.11",
    "system": "prueba", "packages": {"numpy": np.__version__},
}  # fmt: skip
SMALL = dataclasses.replace(BY_NAME["transpose"], size=64)


def clocked():
    """El simulador con eventos que miden el reloj de esta máquina y memoria de 1 MiB."""
    cuda = simulated_cuda()
    memory = SimpleNamespace(free=1 << 24, total=1 << 20)
    cuda.event = Moment
    cuda.current_context = lambda: SimpleNamespace(get_memory_info=lambda: memory)
    return cuda


class Moment:
    """Un evento: el momento en que se registró."""

    def record(self, stream=0):
        self.when = time.perf_counter()

    def synchronize(self):
        """El simulador no deja nada pendiente."""

    def elapsed_time(self, end):
        return 1e3 * (end.when - self.when)


@pytest.fixture
def card(monkeypatch):
    """El simulador en lugar de la tarjeta, y cada escalera en este mismo proceso."""
    cuda = clocked()
    monkeypatch.setattr(machine, "usable", lambda: (cuda, ""))
    monkeypatch.setattr(machine, "describe", lambda *_: MACHINE)
    monkeypatch.setattr(stages, "chosen", lambda names: [SMALL])
    monkeypatch.setattr(speed, "BATCH", 0.001)
    return cuda


def read(folder, kind):
    data = json.loads((folder / f"{kind}.json").read_text("utf-8"))
    assert problems(data) == []
    return data["ladders"]


# --- La velocidad ----------------------------------------------------------------------------


def test_a_whole_run_leaves_results_and_tables(card, tmp_path, capsys):
    order = ["--parity", "--speed", "--tables", "--aqui", "--carpeta", str(tmp_path / "run")]
    assert gpu.main(order) == 0
    rungs = read(tmp_path / "run", "parity")["transpose"]["entries"]
    assert [row["status"] for row in rungs] == ["ok"] * 5
    found = read(tmp_path / "run", "speed")["transpose"]
    by_name = {(e["role"], e["name"]): e for e in found["entries"]}
    assert all(e["status"] == "ok" for (role, _), e in by_name.items() if role == "rung")
    assert by_name["vendor", "copy"]["seconds"]["runs"] == speed.REPETITIONS
    assert found["copy_bandwidth"] > 0
    text = (tmp_path / "run" / "tables.md").read_text("utf-8")
    assert "`transpose_padded`" in text and "No se corrió." in text
    assert "`transpose_padded`" in recorded.text("transpose", results=tmp_path)
    assert "Resultados en" in capsys.readouterr().out


def test_one_failing_rung_is_recorded_and_the_rest_goes_on(tmp_path):
    wrong = one("copy", lambda n: ((1, 1), (32, 32)))
    broken = one("nothing", lambda n: ((1, 1), (32, 32)))
    ladder = dataclasses.replace(SMALL, rungs=(wrong, broken, *SMALL.rungs[-1:]))
    record = Record(tmp_path, "speed", MACHINE)
    speed.measure(ladder, clocked(), record, repetitions=2)
    first, second, third = read(tmp_path, "speed")["transpose"]["entries"][:3]
    assert "da mal" in first["why"] and "KeyError" in second["why"]
    assert third["status"] == "ok"


def test_a_missing_library_is_recorded_as_such(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "cupy", None)
    record = Record(tmp_path, "speed", MACHINE)
    speed.measure(SMALL, clocked(), record, repetitions=1)
    entries = {e["name"]: e for e in read(tmp_path, "speed")["transpose"]["entries"]}
    assert "cupy" in entries["cupy_transpose"]["why"]


def test_contenders_take_turns(monkeypatch, tmp_path):
    seen = []

    def timed(contender, cuda):
        seen.append(contender.name)
        contender.seconds.append(1e-3)
        contender.host.append(1e-6)

    monkeypatch.setattr(speed, "timed", timed)
    speed.measure(SMALL, clocked(), Record(tmp_path, "speed", MACHINE), repetitions=3)
    names = [rung.name for rung in SMALL.rungs]
    last = [name for name in seen if name in names and name != "copy"][-2 * (len(names) - 1) :]
    assert last == 2 * names[1:]


def test_the_median_and_the_spread_of_what_was_measured():
    contender = speed.Contender("a", "a", "rung", None, 5, [3.0, 1.0, 2.0], [0.3, 0.1, 0.2])
    assert contender.entry()["seconds"] == {
        "median": 2.0, "min": 1.0, "max": 3.0, "host": 0.2, "runs": 3, "launches": 5,
    }  # fmt: skip


def test_what_is_slow_is_measured_less():
    slow = speed.Contender("a", "a", "rung", seconds=[4.0])
    quick = speed.Contender("a", "a", "rung", seconds=[0.001])
    assert [speed.allowed(c, 7) for c in (slow, quick)] == [3, 7]


def test_a_small_card_gets_a_small_problem():
    ladder = BY_NAME["transpose"]
    assert speed.fit(ladder, 80 << 30) == ladder.size
    # 8 n² bytes, tres veces, en 1 GiB: n = 4096 pide 384 MiB y n = 8192, 1536 MiB.
    assert speed.fit(ladder, 1 << 30) == 4096


def test_every_vendor_of_the_table_exists():
    named = {name for ladder in LADDERS for name in ladder.vendor}
    assert named == set(vendors.BY_NAME)


def test_cublas_is_measured_without_tf32():
    import os

    assert os.environ["CUPY_TF32"] == "0"


# --- Guardar ---------------------------------------------------------------------------------


def test_each_row_is_saved_at_once(tmp_path):
    record = Record(tmp_path, "parity", MACHINE)
    record.start("a")
    record.add("a", {"name": "x", "status": "ok"})
    assert len(read(tmp_path, "parity")["a"]["entries"]) == 1
    again = Record(tmp_path, "parity", MACHINE)
    again.start("b")
    again.add("b", {"name": "y", "status": "failed", "why": "z"})
    assert set(read(tmp_path, "parity")) == {"a", "b"}
    again.start("a")
    again.save()
    assert read(tmp_path, "parity")["a"]["entries"] == []


def test_a_ladder_is_rewritten_at_once(tmp_path, monkeypatch):
    # Si la corrida se corta mientras se guarda, el archivo tiene todas las filas o las de antes.
    seen = []
    save = Record.save
    monkeypatch.setattr(Record, "save", lambda self: seen.append(
        len(self.data["ladders"]["transpose"]["entries"])) or save(self))  # fmt: skip
    speed.measure(SMALL, clocked(), Record(tmp_path, "speed", MACHINE), repetitions=2)
    assert set(seen) == {len(SMALL.rungs) + len(SMALL.vendor)}


GOOD = {
    "schema": 1, "kind": "speed", "machine": MACHINE,
    "ladders": {"t": {
        "title": "t", "limit": "memoria", "size": 1, "moved": 1, "flop": 0,
        "copy_bandwidth": None, "complete": True,
        "entries": [{"name": "a", "label": "a", "role": "rung", "status": "ok",
                     "seconds": {"median": 2.0, "min": 1.0, "max": 3.0, "host": 0.1, "runs": 1,
                                 "launches": 1}}],
    }},
}  # fmt: skip
BROKEN = {
    "schema": lambda d: d.pop("schema"),
    "kind": lambda d: d.update(kind="otra"),
    "machine: driver": lambda d: d["machine"].pop("driver"),
    "t: complete": lambda d: d["ladders"]["t"].pop("complete"),
    "t: size": lambda d: d["ladders"]["t"].update(size="1"),
    "t/a: status": lambda d: d["ladders"]["t"]["entries"][0].update(status="quizás"),
    "t/a: why": lambda d: d["ladders"]["t"]["entries"][0].update(status="failed"),
    "t/a: seconds": lambda d: d["ladders"]["t"]["entries"][0]["seconds"].update(min=9.0),
    "t/a: runs": lambda d: d["ladders"]["t"]["entries"][0]["seconds"].pop("runs"),
}


def test_a_good_result_has_the_agreed_form():
    assert problems(GOOD) == []


@pytest.mark.parametrize("complaint", BROKEN)
def test_a_bad_result_does_not(complaint):
    data = json.loads(json.dumps(GOOD))
    BROKEN[complaint](data)
    assert complaint in problems(data)


def test_the_committed_results_have_the_agreed_form():
    for path in machine.RESULTS.glob("*/*.json"):
        assert problems(json.loads(path.read_text("utf-8"))) == [], path


def test_the_folder_says_day_and_card():
    found = machine.folder_for(MACHINE | {"card": "NVIDIA H100 80GB HBM3"})
    assert found.name == "2030-01-02-nvidia-h100-80gb-hbm3"


def test_a_run_that_goes_on_goes_on_in_its_folder(tmp_path):
    today = machine.folder_for(MACHINE, again=True, results=tmp_path)
    assert today.name == "2030-01-02-tarjeta-de-prueba"
    for name in ("2029-12-31-tarjeta-de-prueba", "2029-12-01-tarjeta-de-prueba", "2030-01-01-otra"):
        (tmp_path / name).mkdir()
    found = machine.folder_for(MACHINE, again=True, results=tmp_path)
    assert found.name == "2029-12-31-tarjeta-de-prueba"
    assert machine.folder_for(MACHINE, results=tmp_path) == today


def test_the_driver_is_named_by_nvidia_smi():
    assert machine.driver_version(("NVIDIA H100, 570.1, 81559 MiB",)) == "570.1"
    assert machine.driver_version(()) == "desconocido"


def test_the_machine_is_described(monkeypatch):
    cuda = clocked()
    device = SimpleNamespace(name=b"T", compute_capability=(9, 0), MULTIPROCESSOR_COUNT=132)
    cuda.get_current_device = lambda: device
    found = machine.describe(cuda, datetime(2030, 1, 2))
    assert problems({"schema": 1, "kind": "speed", "machine": found}) == []
    assert found["card"] == "T" and found["packages"]["numpy"] == np.__version__


# --- Las tablas ------------------------------------------------------------------------------


def test_the_tables_tell_every_kind_of_result(tmp_path):
    rows = {
        "parity": {"name": "p", "status": "failed", "why": "da mal con 3"},
        "counters": {
            "name": "c", "status": "ok", "exact_expected": True,
            "launches": [{"metrics": {"m": {"ours": 1.0, "ncu": 2.0, "equal": False}}}],
        },
        "sanitizer": {
            "name": "s", "status": "ok",
            "tools": {"racecheck": {"ours": [1], "theirs": [1], "agree": True}},
        },
        "experiments": {"name": "e", "status": "ok", "point": 9, "question": "¿qué?",
                        "card": [1], "simulator": [2]},
    }  # fmt: skip
    for kind, row in rows.items():
        record = Record(tmp_path, kind, MACHINE)
        record.start("x")
        record.add("x", row)
    text = tables.write(tmp_path).read_text("utf-8")
    assert "| `p` | da mal con 3 | 0 |" in text
    assert "| `c` | 0 de 1; m: 1 y 2 | sí |" in text
    assert "| s | racecheck | [1] | [1] | sí |" in text
    assert "| 9 | ¿qué? | [1] | [2] |" in text


# --- Sin tarjeta -----------------------------------------------------------------------------


def test_the_plan_names_every_rung_command_and_minute():
    text = "\n".join(plan.lines(list(LADDERS)))
    assert all(f"  {rung.name}: comprobado con" in text for x in LADDERS for rung in x.rungs)
    assert text.count("-m card.target --clinica") == 3 * len(plan.clinic.PATIENTS)
    assert text.count("ncu --csv") == len(LADDERS) + 1
    assert all(f"punto {k}" in text for k in range(1, 11))
    minutes = plan.minutes(list(LADDERS))
    assert minutes["speed"] < 10 and minutes["sanitizer"] < 10 and minutes["counters"] < 10


def test_the_plan_reports_a_rung_that_fails(monkeypatch, capsys):
    wrong = one("copy", lambda n: ((1, 1), (32, 32)))
    ladder = dataclasses.replace(SMALL, rungs=(wrong,))
    assert gpu.show_plan([ladder]) == 1
    assert "transpose/copy, simulador: da mal con" in capsys.readouterr().out


def test_without_a_card_it_says_so_and_shows_the_plan(tmp_path):
    order = [sys.executable, str(chapters.ROOT / "benchmarks" / "gpu.py"), "--solo", "transpose"]
    done = subprocess.run(order, capture_output=True, text=True, cwd=tmp_path, timeout=120)
    if "Resultados en" in done.stdout:
        pytest.skip("esta máquina tiene una tarjeta")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("No hay una GPU que se pueda usar")
    assert "transpose_padded[256 × 256, 32 × 32]" in done.stdout
    assert re.search(r"Sin tarjeta se comprobó: (\d+) bien de \1\.", done.stdout)
    assert "sum_shuffles" not in done.stdout


def test_the_help_is_spanish(capsys):
    with pytest.raises(SystemExit):
        gpu.main(["--help"])
    text = capsys.readouterr().out
    assert all(f"--{stage}" in text for stage in gpu.STAGES)
    assert not re.search(r"\b(usage|options|show this)\b", text)
    with pytest.raises(SystemExit):
        gpu.main(["--solo", "nada"])
    assert "no es una opción" in capsys.readouterr().err


def test_a_rung_that_is_wrong_fails_the_run(card, tmp_path, monkeypatch, capsys):
    wrong = one("copy", lambda n: ((1, 1), (32, 32)))
    ladder = dataclasses.replace(SMALL, rungs=(wrong,))
    monkeypatch.setattr(stages, "chosen", lambda names: [ladder])
    assert gpu.main(["--parity", "--aqui", "--carpeta", str(tmp_path)]) == 1
    assert "no se pudo: parity, transpose/copy: da mal con" in capsys.readouterr().out


def test_a_stage_that_breaks_the_process_does_not_stop_the_next(card, tmp_path, monkeypatch):
    monkeypatch.setattr(tools, "run", lambda *_, **__: ("", "no terminó en 540 s"))
    order = ["--parity", "--tables", "--carpeta", str(tmp_path)]
    assert gpu.main(order) == 1
    assert (tmp_path / "tables.md").is_file()
