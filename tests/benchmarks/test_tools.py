"""Las órdenes de ncu y compute-sanitizer, y la lectura de lo que escriben."""

from __future__ import annotations

import csv
import io
import os
import sys
import time

import pytest
from card import chapters, clinic, counters, experiments, sanitizer, stages, tools
from card.ladders import BY_NAME, LADDERS
from card.records import Record
from card.target import LAUNCHED

from urdimbre.backend import simulated_cuda
from urdimbre.compiler import recorded

TRANSPOSE = BY_NAME["transpose"]
UNITS = {"smsp__sass_inst_executed_op_global_ld.sum": "inst"}
FIRST = ("ID", "Process ID", "Process Name", "Host Name", "Kernel Name", "Context", "Stream",
         "Block Size", "Grid Size", "Device", "CC")  # fmt: skip


def full_name(kernel: str) -> str:
    """Como lo escribe Numba: con el largo antes, dentro de un nombre decorado."""
    return f"_ZN6cudapy8__main__{len(kernel)}{kernel}B2v1B40c8tJTIeFCjyCb5ArrayIfLi2E1C"


def wide(launches) -> str:
    """Un CSV como el de ``ncu --page raw``: avisos, cabecera, unidades y una fila por kernel."""
    names = list(dict.fromkeys(metric for _, row in launches for metric in row))
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow([*FIRST, *names])
    writer.writerow(["", *[""] * 10, *(UNITS.get(name, "") for name in names)])
    for k, (kernel, row) in enumerate(launches):
        head = [k, 77, "python3.11", "host", full_name(kernel), 1, 7, "(32, 32, 1)",
                "(8, 8, 1)", 0, "9.0"]  # fmt: skip
        writer.writerow([*head, *(f"{row[n]:,.0f}" if n in row else "n/a" for n in names)])
    return f"==PROF== Connected to process 77\n{out.getvalue()}==PROF== Disconnected\n"


def tall(launches) -> str:
    """La otra forma del CSV: una fila por métrica."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow([*FIRST, "Section Name", "Metric Name", "Metric Unit", "Metric Value"])
    for k, (kernel, row) in enumerate(launches):
        for metric, value in row.items():
            head = [k, 77, "python3.11", "host", full_name(kernel), 1, 7, "", "", 0, "9.0"]
            section = "Command line profiler metrics"
            writer.writerow([*head, section, metric, "", f"{value:,.2f}"])
    return out.getvalue()


# --- ncu -------------------------------------------------------------------------------------


def test_the_command_asks_only_for_source_counters():
    order = counters.command("/opt/ncu", ["transpose"])
    assert order[:6] == ["/opt/ncu", "--csv", "--page", "raw", "--print-units", "base"]
    assert order[-4:] == [sys.executable, "-m", "card.target", "transpose"]
    asked = order[order.index("--metrics") + 1].split(",")
    assert set(counters.COMPARED) < set(asked)
    assert all(name.startswith(("smsp__", "memory_")) for name in asked)
    assert "bank_conflicts" not in " ".join(order + list(experiments.METRICS))


@pytest.mark.parametrize("write", [wide, tall])
def test_both_forms_of_the_csv_are_read(write):
    first = {"memory_l1_wavefronts_shared": 67584.0, "smsp__inst_executed_op_branch.sum": 2.0}
    second = {"memory_l1_wavefronts_shared": 4096.0, "smsp__inst_executed_op_branch.sum": 3.0}
    found = counters.parse(write([("a", first), ("b", second)]))
    assert [row for _, row in found] == [first, second]
    assert [counters.named(name, k) for (name, _), k in zip(found, "ab")] == [True, True]


def test_a_metric_that_ncu_lacks_is_absent_not_zero():
    text = wide([("a", {"memory_l1_wavefronts_shared": 5.0}), ("b", {})])
    assert counters.parse(text)[1][1] == {}


@pytest.mark.parametrize(
    ("text", "value"),
    [("1,234.5", 1234.5), ("64 (32; 32)", 64.0), ("n/a", None), ("", None), (None, None)],
)
def test_a_number_of_ncu(text, value):
    assert counters.number(text) == value


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("==ERROR== ERR_NVGPUCTRPERM - The user does not have permission", "administrador"),
        ("==ERROR== No kernels were profiled.", "No kernels were profiled"),
        ("", "no escribió nada"),
    ],
)
def test_what_ncu_complains_about_is_told(text, complaint):
    with pytest.raises(ValueError, match=complaint):
        counters.parse(text)


def test_a_name_inside_another_is_not_it():
    assert not counters.named(full_name("scan_tree_padded"), "scan_tree")
    assert not counters.named(full_name("copy_columns"), "copy")
    assert not counters.named("cudapy::u03_copy_ladder::copy_columns[abi:v1](Array)", "copy")
    assert counters.named("copy", "copy")
    assert counters.named("cudapy::u03_copy_ladder::copy[abi:v1][abi:c8](Array)", "copy")


def test_a_launch_that_failed_leaves_the_others_in_place():
    measured = [(full_name("a"), {"x": 1.0}), (full_name("c"), {"x": 3.0})]
    assert counters.aligned(["a", "b", "c"], measured) == [{"x": 1.0}, None, {"x": 3.0}]


def test_a_kernel_of_somebody_else_does_not_move_the_rest():
    measured = [("memset32", {}), (full_name("a"), {"x": 1.0}), ("memset32", {}),
                (full_name("b"), {"x": 2.0})]  # fmt: skip
    assert counters.aligned(["a", "b"], measured) == [{"x": 1.0}, {"x": 2.0}]


def test_a_launch_without_metrics_is_a_failure():
    rows = counters.entries(TRANSPOSE, measured_like_ours(lambda *_: {}), "", simulated_cuda())
    assert {row["why"] for row in rows} == {
        "ncu no dio ninguna de las métricas que se comparan",
    }  # fmt: skip


def measured_like_ours(change=lambda kernel, row: row):
    cuda = simulated_cuda()
    ours = (each for rung in TRANSPOSE.rungs for each in counters.ours(TRANSPOSE, rung, cuda))
    return wide([(kernel, change(kernel, row)) for kernel, row in ours])


def test_equal_counters_are_equal():
    rows = counters.entries(TRANSPOSE, measured_like_ours(), "", simulated_cuda())
    assert [row["status"] for row in rows] == ["ok"] * 5
    assert all(row["exact_expected"] for row in rows)
    metrics = [m for row in rows for launch in row["launches"] for m in launch["metrics"].values()]
    assert len(metrics) == 5 * len(counters.COMPARED)
    assert all(m["equal"] for m in metrics)


def test_a_different_counter_is_told_with_both_values():
    def more(kernel, row):
        extra = {"memory_l1_wavefronts_shared": 7.0} if kernel == "transpose_tile" else {}
        return row | extra

    rows = counters.entries(TRANSPOSE, measured_like_ours(more), "", simulated_cuda())
    found = rows[3]["launches"][0]["metrics"]["memory_l1_wavefronts_shared"]
    # 2048 escrituras de un turno y 2048 lecturas de treinta y dos.
    assert found == {"ours": 67584.0, "ncu": 7.0, "equal": False}


def test_without_ncu_each_rung_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(tools, "find", lambda name: "")
    monkeypatch.setenv("PATH", str(tmp_path))
    record = Record(tmp_path, "counters", {})
    stages.count([TRANSPOSE], record)
    rows = record.data["ladders"]["transpose"]["entries"]
    assert [row["why"] for row in rows] == ["no está ncu"] * 5


# --- compute-sanitizer -----------------------------------------------------------------------

RACE = """\
========= COMPUTE-SANITIZER
========= Error: Race reported between Write access at race_raw(Array)+0x150 in /c/book/u.md:157
=========     and Read access at race_raw(Array)+0x1c0 in /c/book/u.md:158 [64 hazards]
=========
========= RACECHECK SUMMARY: 1 hazard displayed (1 error, 0 warnings)
"""
WRAPPED = """\
========= Warning: Race reported between Write access at f+0x580
=========     in /c/book/u.md:25
=========     and Read access at f+0x890 in /c/book/u.md:31
=========     [4080 hazards]
========= RACECHECK SUMMARY: 1 hazard displayed (0 errors, 1 warning)
"""
MEMORY = """\
========= COMPUTE-SANITIZER
========= Invalid __global__ read of size 4 bytes
=========     at case_five(Array<float>)+0x70 in /c/book/u.md:397
=========     by thread (0,0,0) in block (7,0,0)
=========     Address 0x74b834000ffc is out of bounds
=========     Saved host backtrace up to driver entry point at kernel launch time
=========         Host Frame: main [0x8ae3] in launch.py:12
=========
========= Program hit CUDA_ERROR_LAUNCH_FAILED (error 719) due to "unspecified launch failure".
========= ERROR SUMMARY: 2 errors
"""
BARRIER = """\
========= COMPUTE-SANITIZER
========= Barrier error detected. Divergent thread(s) in block.
=========     at case_two(Array<float>)+0xa0 in /c/book/u.md:274
=========     by thread (19,0,0) in block (0,0,0)
========= Barrier error detected. Divergent thread(s) in block.
=========     at case_two(Array<float>)+0xa0 in /c/book/u.md:274
=========     by thread (21,0,0) in block (0,0,0)
========= ERROR SUMMARY: 2 errors
"""
CLEAN = f"========= COMPUTE-SANITIZER\n{LAUNCHED}\n========= ERROR SUMMARY: 0 errors\n"


@pytest.mark.parametrize(
    ("tool", "text", "expected"),
    [
        ("racecheck", RACE, [("racecheck", "error", (157, 158))]),
        ("racecheck", WRAPPED, [("racecheck", "warning", (25, 31))]),
        ("memcheck", MEMORY, [("memcheck", "global read", (397,))]),
        ("synccheck", BARRIER, [("synccheck", "Divergent thread(s) in block", (274,))]),
        ("memcheck", CLEAN, []),
    ],
)
def test_the_messages_of_the_sanitizer_are_read(tool, text, expected):
    found = sanitizer.parse(text, tool)
    assert [(issue.tool, issue.what, issue.lines) for issue in found] == expected


@pytest.mark.parametrize("text", ["", "========= COMPUTE-SANITIZER\nSegmentation fault\n"])
def test_a_run_without_a_summary_is_not_a_clean_run(text):
    with pytest.raises(ValueError, match="no llegó a su resumen"):
        sanitizer.parse(text, "memcheck")


# Lo escribe con el programa muerto antes de lanzar: un resumen sin errores y, a veces, la razón.
DEAD = """\
========= COMPUTE-SANITIZER
No hay una tarjeta: el controlador no ve ninguna GPU.
========= Target application returned an error
========= ERROR SUMMARY: 0 errors
"""
REFUSED = """\
========= COMPUTE-SANITIZER
========= Error: Device not supported. Please refer to the "Supported Devices" section
========= RACECHECK SUMMARY: 0 hazards displayed (0 errors, 0 warnings)
"""


@pytest.mark.parametrize(
    ("text", "reason"), [(DEAD, "No hay una tarjeta"), (REFUSED, "Device not supported")]
)
def test_a_summary_without_a_launch_is_not_a_clean_run(text, reason):
    with pytest.raises(ValueError, match=f"no llegó a lanzarse: .*{reason}"):
        sanitizer.parse(text, "racecheck")


SEVERAL = """\
========= COMPUTE-SANITIZER
========= Error: Race reported between Write access at f(Array<float, 1, C>)+0x140 in /c/u.md:46
=========     and Read access at f(Array<float, 1, C>)+0xe0 in /c/u.md:55 [4 hazards]
=========     and Write access at f(Array<float, 1, C>)+0x140 in /c/u.md:46 [5 hazards]
=========
========= RACECHECK SUMMARY: 1 hazard displayed (1 error, 0 warnings)
"""


def test_a_hazard_with_several_partners_is_one_with_all_its_lines():
    (issue,) = sanitizer.parse(SEVERAL, "racecheck")
    assert issue.lines == (46, 55)


def test_the_command_of_each_tool():
    patient = clinic.find("u04_debugging_clinic", "race_raw")
    order = sanitizer.command("", "racecheck", patient)
    assert order[:5] == ["compute-sanitizer", "--tool", "racecheck", "--racecheck-report",
                         "analysis"]  # fmt: skip
    assert order[-3:] == ["--clinica", "u04_debugging_clinic", "race_raw"]
    assert "--racecheck-report" not in sanitizer.command("", "memcheck", patient)


# Lo que dice el libro de cada caso: qué herramienta debe avisar.
EXPECTED = {
    "race_raw": "racecheck", "race_war": "racecheck", "race_waw": "racecheck",
    "case_one": "racecheck", "case_one_mended": "", "case_two": "synccheck",
    "case_three": "synccheck", "case_five": "memcheck", "smooth_tiled": "", "case_four": "",
    "transpose_padded": "", "smooth_unsynced": "racecheck", "half_waits": "synccheck",
    "scan_racy": "racecheck", "flash_hasty": "racecheck", "flash_leaver": "synccheck",
}  # fmt: skip


@pytest.mark.parametrize("patient", clinic.PATIENTS, ids=lambda p: p.kernel)
def test_our_own_verdict_of_each_patient(patient):
    ours = sanitizer.ours(patient, simulated_cuda())
    wanted = EXPECTED[patient.kernel]
    assert {tool for tool, lines in ours.items() if lines} == ({wanted} if wanted else set())


def test_agreement_and_lines_are_told_apart():
    issues = sanitizer.parse(RACE, "racecheck")
    same = sanitizer.compare([157, 158], issues)
    assert same["agree"] and same["same_lines"] and same["said"] == ["error"]
    assert sanitizer.compare([157], issues)["agree"]
    assert not sanitizer.compare([157], issues)["same_lines"]
    assert not sanitizer.compare([], issues)["agree"]
    assert not sanitizer.compare([157], [])["agree"]


def test_a_tool_that_hangs_fails_alone():
    patient = clinic.find("u04_debugging_clinic", "race_raw")
    outputs = {"racecheck": (RACE, ""), "synccheck": ("", "no terminó en 120 s")}
    row = sanitizer.entry(patient, outputs, simulated_cuda())
    assert row["status"] == "failed" and row["why"] == "synccheck: no terminó en 120 s"
    assert row["tools"]["racecheck"]["agree"]


# --- Los procesos ----------------------------------------------------------------------------


def test_a_process_that_does_not_end_is_stopped():
    text, why = tools.run([sys.executable, "-uc", "print('hola')\nimport time\ntime.sleep(60)"], 2)
    assert why == "no terminó en 2 s"
    assert "hola" in text


def test_the_child_of_a_tool_is_stopped_too(tmp_path):
    # La herramienta arranca el programa: si solo muriera ella, él seguiría ocupando la tarjeta.
    mark = tmp_path / "vivo"
    child = (
        f"import time\nfor _ in range(40):\n open({str(mark)!r}, 'a').write('x')\n time.sleep(.1)"
    )
    parent = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {child!r}])"
    start = time.monotonic()
    assert tools.run([sys.executable, "-c", parent], 1.5)[1] == "no terminó en 2 s"
    assert time.monotonic() - start < 3.5
    before = mark.stat().st_size
    time.sleep(0.5)
    assert mark.stat().st_size == before > 0


def test_an_exit_code_is_a_failure_only_if_asked():
    order = [sys.executable, "-c", "raise SystemExit(3)"]
    assert tools.run(order) == ("", "")
    assert tools.run(order, strict=True) == ("", "terminó con código 3")


def test_the_patients_of_a_page_are_recorded_under_it(tmp_path, monkeypatch):
    monkeypatch.setattr(tools, "run", lambda order, limit: (CLEAN, ""))
    record = Record(tmp_path, "sanitizer", {})
    stages.sanitize({"u06_scan_ladder"}, record)
    (row,) = record.data["ladders"]["u06_scan_ladder"]["entries"]
    assert row["tools"]["racecheck"]["agree"] is False
    assert row["tools"]["memcheck"]["agree"] is True


def test_a_tool_is_found_where_nvidia_leaves_it(tmp_path, monkeypatch):
    (tmp_path / "cuda-12.9").mkdir()
    program = tmp_path / "cuda-12.9" / "ncu"
    program.write_text("#!/bin/sh\n", "utf-8")
    os.chmod(program, 0o755)
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(tools, "PLACES", (str(tmp_path / "cuda*"),))
    assert tools.find("ncu") == str(program)
    assert tools.find("compute-sanitizer") == ""


def test_without_a_card_the_target_says_so():
    text, why = tools.run(tools.target("transpose"))
    assert why == "" and "No hay una tarjeta" in text


# --- Los experimentos ------------------------------------------------------------------------


def test_the_open_points_are_all_named():
    points = {each.point for each in experiments.EXPERIMENTS} | {7}
    assert points == set(range(1, 11))
    assert len({each.name for each in experiments.EXPERIMENTS}) == len(experiments.EXPERIMENTS)
    kernels = {each.kernel for each in experiments.EXPERIMENTS}
    assert kernels == set(chapters.kernel_names(chapters.EXPERIMENTS))


@pytest.mark.parametrize("name", [e.name for e in experiments.EXPERIMENTS])
def test_an_experiment_runs_on_the_simulator(name):
    each, cuda = experiments.find(name), simulated_cuda()
    experiments.launch(each, cuda)
    predicted = experiments.prediction(each, cuda)
    assert bool(predicted) == (each.tool == "ncu")
    assert set(predicted) <= set(each.metrics)


def test_the_prediction_of_a_partial_warp():
    # Dos warps leen y escriben 9 floats de 4 B: 36 B, dos sectores por petición y por sentido.
    found = experiments.prediction(experiments.find("partial_warps_9_float32"), simulated_cuda())
    assert found["memory_l2_theoretical_sectors_global"] == 8.0


def test_the_rows_of_the_experiments_keep_what_the_card_said():
    launches = [(e.kernel, dict.fromkeys(e.metrics, 3.0)) for e in experiments.PROFILED]
    rows = stages.profiled_rows(wide(launches), "")
    assert [row["status"] for row in rows] == ["ok"] * len(experiments.PROFILED)
    assert set(rows[0]["card"].values()) == {3.0}
    assert stages.profiled_rows("", "no está ncu")[0]["why"] == "no está ncu"


@pytest.mark.parametrize(
    ("chapter", "kernel", "exact"),
    [
        ("u04_transpose_ladder", "transpose_padded", True),
        ("u08_matmul_ladder", "matmul_coalesced", False),  # el compilador desenrolla su ciclo
        ("u04_transpose_ladder", "no_existe", False),
    ],
)
def test_exactness_comes_from_the_compilers_recording(chapter, kernel, exact):
    assert counters.one_to_one(chapter, kernel) is exact


def test_every_rung_is_in_the_compilers_recording():
    kernels = recorded.recording()["kernels"]
    for ladder in LADDERS:
        for rung in ladder.rungs:
            assert {f"{ladder.chapter}/{s.kernel}" for s in rung.steps(ladder.counted)} <= set(
                kernels
            )
