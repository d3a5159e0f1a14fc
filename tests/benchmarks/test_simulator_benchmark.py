"""La medición corre entera y su tabla dice lo que midió."""

import importlib.util
import json
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture(scope="module")
def benchmark():
    spec = importlib.util.spec_from_file_location("benchmark_simulator", FOLDER / "simulator.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_our_engine_and_numpy_measure_every_program(benchmark):
    ours = benchmark.run_engine("urdimbre", quick=True, repetitions=1)
    by_hand = benchmark.run_engine("numpy", quick=True, repetitions=1)
    assert set(ours) == {*benchmark.NAMES, "small_launch"}
    assert set(by_hand) == set(benchmark.NAMES)
    for row in (*ours.values(), *by_hand.values()):
        assert all(value > 0 for value in row.values())


def test_the_table_divides_what_was_measured(benchmark):
    row = {"size": 128, "numba": 30.0, "urdimbre": 0.01, "urdimbre_counters": 0.02,
           "urdimbre_all": 0.05, "numpy": 0.004, "numpy_lanes": 0.008,
           "urdimbre_first": 0.5, "urdimbre_peak_bytes": 3 * 2**20}  # fmt: skip
    large = {key: value for key, value in row.items() if key != "numba"} | {"size": 256}
    programs = {"matmul_tiled": row, "matmul_tiled_large": large,
                "small_launch": {"size": 256, "numba": 0.1, "urdimbre": 0.0005}}  # fmt: skip
    text = benchmark.report({"machine": benchmark.machine(), "programs": programs})
    cells = [line.split("|")[1:-1] for line in text.splitlines() if "128×128" in line]
    assert [c.strip() for c in cells[0][1:]] == ["3000", "1500", "600", "1,25", "2,50"]
    assert [c.strip() for c in cells[1][1:]] == ["30 s", "10 ms", "20 ms", "50 ms", "8 ms", "4 ms"]
    assert "3,00 MiB" in text
    assert "200 veces" in text
    assert "| matmul por teselas, 256×256 | —" in text


def test_an_engine_that_fails_says_so(benchmark, monkeypatch, tmp_path):
    (tmp_path / "engines.py").write_text("raise SystemExit('no hay motor')", "utf-8")
    monkeypatch.setattr(benchmark, "HERE", tmp_path)
    with pytest.raises(SystemExit, match=r"(?s)numpy.*no hay motor"):
        benchmark.run_engine("numpy", quick=True, repetitions=1)


def test_results_are_plain_json(benchmark):
    assert json.loads(json.dumps(benchmark.machine()))["python"].startswith(
        f"{sys.version_info.major}."
    )
