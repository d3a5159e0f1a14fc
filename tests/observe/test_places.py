"""La línea 3 de una celda no es la línea 3 de otra: cuentas, hallazgos y figuras por lugar."""

import json
import linecache
import pickle
from itertools import count

import numpy as np

from urdimbre import sim
from urdimbre.observe import Counters, profile, sanitize
from urdimbre.sim.events import Line

f4 = np.float32
CELLS = count()


def run_cell(text, names=None):
    """Ejecuta el texto como una celda de un notebook: con su propio nombre de archivo."""
    scope, name = dict(names or {}), f"<ipython-input-{next(CELLS)}>"
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    exec(compile(text, name, "exec"), scope)
    return scope


DEVICE = """from urdimbre.sim import facade as cuda
@cuda.jit(device=True)
def far(x, i):
    return x[8 * i]
"""

KERNEL = """@cuda.jit
def near(x, out):
    i = cuda.grid(1)
    out[i] = far(x, i)
"""

OTHER = """from urdimbre.sim import facade as cuda
@cuda.jit
def copy(x, out):
    out[cuda.grid(1)] = x[cuda.grid(1)]
"""


def cells():
    return run_cell(KERNEL, run_cell(DEVICE))["near"]


def test_a_device_function_of_another_cell_keeps_its_lines_apart():
    # Las dos celdas tienen una línea 4. La del kernel escribe 64 float32 seguidos: 2 peticiones
    # de 4 sectores. La de «far» lee a saltos de 32 B: 2 peticiones de 32 sectores.
    report = profile(cells()[1, 64], np.zeros(512, f4), np.zeros(64, f4))
    here, elsewhere = report.counters.by_line, report.counters.elsewhere
    assert (here[4].global_store_sectors, here[4].global_load_requests) == (8, 0)
    ((line, tally),) = elsewhere.items()
    assert (line, line.function, line.text) == (4, "far", "return x[8 * i]")
    assert (tally.global_load_requests, tally.global_load_sectors) == (2, 64)
    assert report.total.global_load_sectors == 64 and report.total.global_store_sectors == 8


def test_every_form_of_the_report_tells_them_apart():
    report = profile(cells()[1, 64], np.zeros(512, f4), np.zeros(64, f4))
    rows = [x.split("|") for x in str(report).splitlines() if "|" in x]
    (far,) = [cells for cells, text in rows if text.strip() == "return x[8 * i]"]
    (near,) = [cells for cells, text in rows if text.strip() == "out[i] = far(x, i)"]
    assert far.split()[:4] == ["far:4", "2", "64", "32,0"] and near.split()[0] == "4"
    data = json.loads(json.dumps(report.to_dict()))
    (other,) = data["elsewhere"]
    assert (other["function"], other["line"], other["global_load_sectors"]) == ("far", 4, 64)
    assert "far:4" in report._repr_html_()
    assert any(a.message.startswith("Línea 4 de «far»: sobran 56 de 64") for a in report.advice)


def test_a_finding_quotes_the_line_of_its_cell():
    # 8 i llega a 504 y x tiene 100: se salen los hilos del 13 en adelante, 51.
    (found,) = sanitize(cells()[1, 64], np.zeros(100, f4), np.zeros(64, f4))
    assert (found.line, found.source, found.count) == (4, "return x[8 * i]", 51)
    assert found.message.startswith("Línea 4 de «far»: lectura fuera de rango en «x».")
    assert type(found.line) is int and "   4 | return x[8 * i]" in str(found)


def test_a_race_between_two_cells_is_one_with_two_places():
    # «put» escribe s[t] en su línea 4 y el kernel lee s[t + 1] en su línea 4: 63 choques.
    put = DEVICE.replace("far(x, i)", "put(s, i)").replace("return x[8 * i]", "s[i] = i")
    kernel = """@cuda.jit
def shift(out):
    s, t = cuda.shared.array(65, 'float32'), cuda.threadIdx.x; put(s, t)
    out[t] = s[(t + 1) % 64]
"""
    (race,) = sanitize(run_cell(kernel, run_cell(put))["shift"][1, 64], np.zeros(64, f4))
    assert (race.line, race.other_line, race.count) == (4, 4, 64)
    assert (race.source, race.other_source) == ("out[t] = s[(t + 1) % 64]", "s[i] = i")
    assert "en la línea 4 el hilo" in race.message and "en la línea 4 de «put»" in race.message
    assert race.message.endswith("Pon cuda.syncthreads() entre los dos accesos.")
    assert str(race).count("   4 | ") == 2


def test_two_kernels_of_two_cells_do_not_mix():
    counters = Counters()
    kernels = [run_cell(OTHER)["copy"], run_cell(OTHER + "\n")["copy"]]
    with sim.observing(counters):
        for kernel in kernels:
            kernel[1, 32](np.zeros(32, f4), np.zeros(32, f4))
    assert [t.global_load_requests for t in counters.by_place.values()] == [1, 1]
    assert counters.by_line[4].global_load_requests == 1
    assert (counters.total.global_load_requests, counters.total.blocks) == (2, 2)


def test_a_function_of_the_same_cell_is_here():
    kernel = run_cell(DEVICE + KERNEL)["near"]
    counters = profile(kernel[1, 32], np.zeros(256, f4), np.zeros(32, f4)).counters
    assert counters.elsewhere == {} and counters.by_line[4].global_load_sectors == 32


def test_a_line_is_a_number():
    line, twin = Line(4, "a", "k", "x = 1"), Line(4, "b")
    assert line == 4 and hash(line) == hash(4) and f"{line}" == "4" and line + 1 == 5
    assert line == Line(4, "a") and line != twin and {line: 1, twin: 2}[twin] == 2
    assert json.dumps({"line": line}) == '{"line": 4}'
    copied = pickle.loads(pickle.dumps(line))
    assert copied == line and copied.text == "x = 1"
