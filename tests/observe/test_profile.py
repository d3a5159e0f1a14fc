"""El perfil como texto, como HTML y como datos; sin simulador."""

import json
import re
from html.parser import HTMLParser

import numpy as np
import pytest

import urdimbre
from urdimbre.errors import ArgumentError
from urdimbre.observe import METRICS, Counters, Memcheck, Profile, Tally, profile, sanitize
from urdimbre.observe.findings import MESSAGES
from urdimbre.observe.metrics import DERIVED_LABELS
from urdimbre.observe.tally import COUNTED, DERIVED
from urdimbre.sim import facade as cuda

SOURCE = ("def k(x, y):", "    i = cuda.grid(1)", "    y[i] = x[8 * i]  # a < b")


@pytest.fixture
def measured(scene):
    # 2 bloques x 2 warps: la línea 3 lee a saltos (32 sectores) y escribe seguido (4).
    s = scene(64, 2, SOURCE)
    x, y = s.array("f4", 1000, name="x"), s.array("f4", 128, name="y")
    i = 64 * s.b + s.t
    events = s.load(x, 8 * i, 3), s.store(y, i, 3)
    counters, memcheck = s.play(Counters(), *events), s.play(Memcheck(), *events)
    return Profile(s.launch, counters, memcheck.findings)


def test_text_annotates_the_source(measured):
    text = str(measured)
    assert "Perfil de «k»: malla 2, bloque 64 (2 bloques de 64 hilos)" in text
    (row,) = [line for line in text.splitlines() if line.endswith("# a < b") and "18" in line]
    # 8 peticiones, 4 x 32 + 4 x 4 = 144 sectores, 18 por petición.
    assert row.split("|")[0].split() == ["3", "8", "144", "18,0"]
    assert "def k(x, y):" in text and "No se modela:" in text and "x[1000]" in text
    assert "l1tex__t_sectors_pipe_lsu_mem_global_op_ld.sum" in text


def test_time_is_never_shown(measured):
    shown = str(measured) + measured._repr_html_()
    assert not re.search(r"\d\s*(ns|µs|us|ms|s)\b", shown)


def test_columns_without_data_are_left_out(measured):
    assert "barreras" not in str(measured) and "atómicas" not in str(measured)


class Tags(HTMLParser):
    """Comprueba que las etiquetas cierran en orden y junta el texto."""

    def __init__(self):
        super().__init__()
        self.open, self.seen, self.text = [], [], ""

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def test_html_is_well_formed_and_accessible(measured):
    tags = Tags()
    tags.feed(measured._repr_html_())
    assert tags.open == []
    names = [tag for tag, _ in tags.seen]
    assert names.count("table") == names.count("caption") == 3
    assert all(attrs.get("scope") in ("row", "col") for tag, attrs in tags.seen if tag == "th")
    assert "# a < b" in tags.text and "18,0" in tags.text
    assert not {"script", "link", "img"} & set(names)


def test_worse_lines_are_darker(scene):
    # 32 sectores por petición: opacidad 0,6; 4 sectores: 0,6 x 4 / 32 = 0,075. Un conflicto de
    # 32 vías: 31 frentes de más por petición, 0,6 x 31 / 32 = 0,58.
    s = scene(32, 1, SOURCE)
    x, tile = s.array("f4", 1024), s.array("f4", 1024, "shared")
    events = s.load(x, 32 * s.t, 1), s.load(x, s.t, 2), s.load(tile, 32 * s.t, 3)
    html = Profile(s.launch, s.play(Counters(), *events), [])._repr_html_()
    assert re.findall(r"rgba\(230,120,0,([\d.]+)\)", html) == ["0.60", "0.07", "0.58"]


def test_data_goes_through_json(measured):
    data = json.loads(json.dumps(measured.to_dict()))
    assert data["total"]["global_load_sectors"] == 128
    assert data["by_line"]["3"]["load_sectors_per_request"] == 32.0
    # i llega a 127 y 8 i a 1016: se salen 125, 126 y 127.
    assert data["findings"][0]["count"] == 3


def test_an_empty_run_says_so(scene):
    s = scene()
    text = str(Profile(s.launch, s.play(Counters()), []))
    assert "no tocó memoria" in text and "Hallazgos: ninguno." in text


def test_every_count_has_a_metric():
    assert set(METRICS) == set(COUNTED) | {"atomic_max_lanes"}
    assert all(metric.label and metric.not_modelled for metric in METRICS.values())


def test_every_derived_value_has_a_label():
    assert set(DERIVED_LABELS) == set(DERIVED)
    assert not set(DERIVED_LABELS) & set(METRICS)


def test_tallies_add_and_keep_the_worst_contention():
    total = Tally(branches=2, atomic_max_lanes=5)
    total.merge(Tally(branches=3, atomic_max_lanes=4))
    assert (total.branches, total.atomic_max_lanes) == (5, 5)


def test_messages_are_spanish_prose():
    for text in MESSAGES.values():
        assert (
            ("{block}" in text or "{both}" in text)
            and "{line}" in text
            and not set("!¡") & set(text)
        )


@pytest.mark.parametrize("wrong", [None, 3, lambda: None])
def test_a_kernel_without_configuration_is_explained(wrong):
    for call in (sanitize, profile):
        with pytest.raises(ArgumentError, match=r"kernel\[malla, bloque\]"):
            call(wrong)


@cuda.jit
def saxpy(a, x, y):
    i = cuda.grid(1)
    if i < x.size:
        y[i] = a * x[i] + y[i]


def measured_saxpy(**options):
    x = np.ones(1024, np.float32)
    return urdimbre.profile(saxpy[8, 128], np.float32(2), x, x.copy(), **options)


def test_intensity_by_hand():
    # 1024 elementos: 2 FLOP cada uno. Lee x e y y escribe y, una vez cada sector: 3 x 4096 B,
    # obligados y movidos. 2048 / 12288 = 1 / 6.
    report = measured_saxpy()
    assert (report.total.flop, report.compulsory_bytes, report.moved_bytes) == (2048, 12288, 12288)
    assert report.intensity == report.moved_intensity == 1 / 6
    assert report.roofline is None and report.occupancy is None
    assert re.search(r"FLOP por byte obligado +0,167 ", str(report))
    data = report.to_dict()
    assert (data["intensity"], data["roofline"], data["occupancy"]) == (1 / 6, None, None)


def test_a_card_adds_its_roof_and_the_occupancy():
    # H100: 1/6 FLOP/B x 3350 GB/s = 558 GFLOP/s. 128 hilos y 16 registros: 16 bloques llenan 64
    # warps.
    report = measured_saxpy(card="H100", registers=16)
    assert report.roofline.ceiling == pytest.approx(3350e9 / 6)
    assert (report.occupancy.blocks, report.occupancy.ratio) == (16, 1.0)
    text = str(report)
    assert "limita la memoria" in text and "Ocupación teórica en una H100: 100,0 %" in text
    assert "16 bloques a la vez, 64 de 64 warps. Con 16 registros por hilo, los que diste" in text
    data = json.loads(json.dumps(report.to_dict()))
    assert data["roofline"]["bound"] == "memory" and data["occupancy"]["is_bound"] is False


def test_without_registers_the_occupancy_is_a_bound():
    report = measured_saxpy(card="A100")
    assert "son un supuesto" in str(report) and "registers=" in report._repr_html_()
    assert report.to_dict()["occupancy"]["is_bound"] is True


def test_registers_lower_the_occupancy():
    # 128 hilos son 4 warps; con 64 registros, 2048 por warp: 65536 / 2048 = 32 warps, 8 bloques.
    report = measured_saxpy(card="H100", registers=64)
    assert (report.occupancy.blocks, report.occupancy.ratio) == (8, 0.5)


def test_an_unknown_card_is_refused_before_running():
    with pytest.raises(ArgumentError, match="Las que hay: A100"):
        measured_saxpy(card="GTX")


def test_the_heat_is_the_share_of_the_transactions(measured):
    # Una sola línea mueve datos: toda la barra, con el número encima.
    html = measured._repr_html_()
    assert html.count("linear-gradient") == 1 and ">100 %</td>" in html


def test_without_traffic_the_heat_is_of_instructions():
    @cuda.jit
    def idle(x):
        i = cuda.grid(1)
        i += 1

    html = urdimbre.profile(idle[1, 32], np.zeros(1, np.float32))._repr_html_()
    assert html.count(">50 %</td>") == 2
