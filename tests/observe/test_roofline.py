"""Tráfico obligado y techo, con las cuentas a mano."""

import numpy as np
import pytest

from urdimbre import sim
from urdimbre.errors import ArgumentError
from urdimbre.observe import CARDS, Footprint, Roofline, roofline
from urdimbre.sim import facade as cuda

f4 = np.float32


def test_each_sector_travels_once(scene):
    # 64 float32 = 256 B = 8 sectores, leídos dos veces; y uno por uno escritos, otros 8.
    s = scene(64)
    a = s.array("f4", 64)
    events = s.load(a, s.t), s.load(a, 63 - s.t), s.store(a, s.t)
    check = s.play(Footprint(), *events)
    assert (check.sectors, check.bytes) == (16, 512)


def test_strides_touch_more_sectors(scene):
    # Paso de 8 float32 = 32 B: un sector por hilo.
    s = scene(64)
    assert s.play(Footprint(), s.load(s.array("f4", 512), 8 * s.t)).sectors == 64


def test_masked_lanes_other_spaces_and_outside_do_not_count(scene):
    s = scene(64)
    a = s.array("f4", 64)
    events = s.load(a, s.t, mask=s.t < 8), s.load(s.array("f4", 64, "shared"), s.t)
    assert s.play(Footprint(), *events, s.load(a, s.t + 64)).sectors == 1


def test_an_unaligned_double_touches_two(scene):
    # 8 B desde el byte 28: sectores 0 y 1.
    s = scene(32)
    a = s.array("f8", 64, base=0x1001C)
    assert s.play(Footprint(), s.load(a, 0)).sectors == 2


def test_launches_add_up(scene):
    s = scene(64)
    check, event = Footprint(), s.load(s.array("f4", 64), s.t)
    s.play(check, event)
    assert s.play(check, event).sectors == 16


@cuda.jit
def matmul(a, b, c):
    x, y = cuda.grid(2)
    total = f4(0)
    for k in range(a.shape[1]):
        total += a[y, k] * b[k, x]
    c[y, x] = total


@cuda.jit
def doubled(x, y):
    i = cuda.grid(1)
    y[i] = 2.0 * x[i]


def test_matmul_by_hand():
    # n = 64: 2 n^3 = 524 288 FLOP; A, B y C, 16 384 B cada una: 49 152 B. 10,67 FLOP por byte.
    # En una H100 el cambio está en 67 / 3,35 = 20: limita la memoria, y el techo es
    # 10,67 x 3,35 = 35,7 TFLOP/s.
    a = np.ones((64, 64), f4)
    point = roofline(matmul[(4, 4), (16, 16)], a, a, np.zeros_like(a))
    assert (point.kernel, point.flop, point.compulsory_bytes) == ("matmul", 2 * 64**3, 3 * 16384)
    assert point.intensity == pytest.approx(32 / 3) and point.ridge == pytest.approx(20)
    assert point.bound == "memory" and point.ceiling == pytest.approx(35.73e12, rel=1e-3)
    text = str(point)
    assert "10,7 FLOP por byte" in text and "limita la memoria" in text and "35,7 TFLOP/s" in text
    # Sin caché se mueve mucho más: la intensidad pedida es menor.
    assert point.requested_bytes > point.compulsory_bytes
    assert point.requested_intensity < point.intensity


def test_the_published_figure_of_a_tiled_sgemm():
    # Informe publicado (GA102, n = 1024): 393 216 sectores leídos que faltan en L2, los de A, B y
    # C. Con n = 64, 256 veces menos: 1536. Aquí C no se lee, así que son 1024, y 512 escritos.
    a, footprint = np.ones((64, 64), f4), Footprint()
    with sim.observing(footprint):
        matmul[(4, 4), (16, 16)](a, a, np.zeros_like(a))
    assert footprint.sectors == 393_216 // 256


def test_double_precision_needs_its_peak():
    x = np.ones(64)
    point = roofline(doubled[2, 32], x, np.zeros(64), card="A100")
    # 64 FLOP y 1024 B; 9,7 / 2,039 = 4,76.
    assert point.double and point.intensity == 64 / 1024
    assert point.ridge == pytest.approx(9.7e12 / 2.039e12)
    with pytest.raises(ArgumentError, match="float64"):
        roofline(doubled[2, 32], x, np.zeros(64), card="L4")


def test_enough_arithmetic_is_limited_by_compute():
    point = Roofline("k", 1000, 10, 10, CARDS["H100"])
    assert point.bound == "compute" and point.ceiling == CARDS["H100"].single


def test_an_unknown_card_is_refused():
    with pytest.raises(ArgumentError, match=r"Las que hay: A100"):
        roofline(doubled[1, 32], np.ones(32), np.ones(32), card="GTX")


def test_every_card_says_where_its_peaks_come_from():
    for card in CARDS.values():
        assert "Datasheet" in card.source and card.single > card.bandwidth > 1e11
