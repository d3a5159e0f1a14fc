"""La tabla de una corrida en GPU: con una corrida inventada, y sin ninguna."""

from __future__ import annotations

import json

import pytest

from urdimbre.plots import recorded

MACHINE = {
    "date": "2030-01-02T03:04:05", "card": "Tarjeta de prueba", "driver": "1.2", "cuda": "12.9",
    "packages": {"numba-cuda": "0.30.4", "numpy": "2.4"},
}  # fmt: skip


def entry(name, median, role="rung", **more):
    seconds = {"median": median, "min": 0.9 * median, "max": 1.1 * median, "runs": 7}
    return {"name": name, "label": name, "role": role, "status": "ok", "seconds": seconds} | more


def failed(name):
    return {"name": name, "label": name, "role": "rung", "status": "failed", "why": "no compiló"}


def ladder(**changes):
    entries = [
        entry("copy", 1e-3, role="vendor"),
        entry("slow", 8e-3),
        failed("broken"),
        entry("fast", 2e-3),
        entry("cub", 1e-3, role="vendor", label="CUB"),
    ]
    base = {"limit": "memoria", "size": 1, "moved": 2**30, "flop": 4e9, "copy_bandwidth": 2**40}
    return base | {"entries": entries} | changes


def write(results, folder, date, **ladders):
    (results / folder).mkdir(parents=True)
    run = {"machine": MACHINE | {"date": date}, "ladders": ladders}
    (results / folder / "speed.json").write_text(json.dumps(run), "utf-8")


def cells(markdown, name):
    line = next(x for x in markdown.splitlines() if x.startswith(f"| {name}"))
    return [cell.strip() for cell in line.split("|")[2:-1]]


def test_without_a_run_it_says_how_to_make_one(tmp_path):
    for folder in (tmp_path, tmp_path / "no"):
        assert recorded.text("transpose", results=folder) == (
            "De estos kernels todavía no hay una corrida registrada en una GPU; "
            "se hace con `make gpu`."
        )


def test_several_ladders_show_what_there_is(tmp_path):
    write(tmp_path, "a", "2030-01-01", scan=ladder(), copy=ladder())
    text = recorded.text("scan", "transpose", "copy", results=tmp_path)
    assert text.count("Medido el") == 2
    assert "todavía no hay" not in text
    assert recorded.text("x", "y", results=tmp_path).count("todavía no hay") == 1


def test_a_run_of_another_ladder_is_not_ours(tmp_path):
    write(tmp_path, "a", "2030-01-01", scan=ladder())
    assert recorded.text("transpose", results=tmp_path).startswith("De estos kernels")


def test_the_table_shows_ratios_with_date_and_card(tmp_path):
    write(tmp_path, "a", "2030-01-02T03:04:05", transpose=ladder())
    text = recorded.text("transpose", results=tmp_path)
    assert "| % de la copia | % de CUB | dispersión |" in text
    # 2^30 B en 8 ms son 2^30 / 0,008 B/s, y sobre 2^40 B/s, 1 / 8,192: 12 %.
    assert cells(text, "`slow`") == ["12", "12", "± 10,0 %"]
    assert cells(text, "`fast`") == ["49", "50", "± 10,0 %"]
    assert cells(text, "CUB") == ["98", "100", "± 10,0 %"]
    assert cells(text, "`broken`") == ["no se midió"] * 3
    assert "Medido el 2030-01-02 en una Tarjeta de prueba, con 7 repeticiones" in text
    assert "movió 1,10 TB/s" in text
    assert "`copy`" not in text


def test_a_ladder_of_sums_and_products_shows_operations(tmp_path):
    write(tmp_path, "a", "2030-01-02", matmul=ladder(limit="cálculo", copy_bandwidth=None))
    text = recorded.text("matmul", results=tmp_path)
    assert cells(text, "`fast`") == ["2", "50", "± 10,0 %"]
    assert "copia" not in text


def test_the_newest_run_that_measured_it_wins(tmp_path):
    write(tmp_path, "2030-03-01-a", "2030-03-01", transpose=ladder(entries=[failed("slow")]))
    write(tmp_path, "2030-01-01-b", "2030-01-01", transpose=ladder())
    write(tmp_path, "2030-02-01-c", "2030-02-01", transpose=ladder())
    (tmp_path / "cut").mkdir()
    (tmp_path / "cut" / "speed.json").write_text('{"machine": {', "utf-8")
    assert "2030-02-01" in recorded.text("transpose", results=tmp_path)


# --- Lo que una fila no dice -----------------------------------------------------------------


def test_a_kernel_that_changed_since_is_told(tmp_path, monkeypatch):
    now = {"kernels": {"u/slow": {"digest": "nuevo"}, "u/fast": {"digest": "igual"}}}
    monkeypatch.setattr(recorded.compiled, "recording", lambda: now)
    entries = [
        entry("copy", 1e-3, role="vendor"),
        entry("slow", 8e-3, digests={"u/slow": "viejo"}),
        entry("fast", 2e-3, digests={"u/fast": "igual", "u/otro": "sin grabar"}),
    ]
    write(tmp_path, "a", "2030-01-02", transpose=ladder(entries=entries))
    text = recorded.text("transpose", results=tmp_path)
    assert "\n`slow`: se midió una versión anterior del kernel" in text
    assert "`fast`:" not in text and "`fast`, " not in text


def test_what_is_only_the_cost_of_launching_is_told(tmp_path):
    quick = entry("quick", 1e-5)
    quick["seconds"]["host"] = 0.95e-5
    slow = entry("slow", 8e-3)
    slow["seconds"]["host"] = 0.95e-5
    write(tmp_path, "a", "2030-01-02", transpose=ladder(entries=[slow, quick]))
    text = recorded.text("transpose", results=tmp_path)
    assert "\n`quick`: tarda lo que tarda pedir el lanzamiento" in text


def test_it_looks_in_the_course_of_the_current_folder(tmp_path, monkeypatch):
    write(tmp_path / "benchmarks" / "results", "a", "2030-01-02", transpose=ladder())
    (tmp_path / "book").mkdir()
    monkeypatch.chdir(tmp_path / "book")
    assert "Tarjeta de prueba" in recorded.text("transpose")


def test_the_notebook_gets_markdown(tmp_path):
    markdown = pytest.importorskip("IPython.display").Markdown
    shown = recorded.recorded("transpose", results=tmp_path)
    assert isinstance(shown, markdown) and "make gpu" in shown.data
