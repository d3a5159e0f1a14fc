"""Accesos fuera de rango y desalineados."""

from urdimbre.observe import Memcheck

SOURCE = ("y[i] = x[i]",)


def test_index_past_the_end(scene):
    # i = 64 b + t con 2 bloques y 100 elementos: se salen 100 a 127, 28 hilos del bloque 1.
    s = scene(64, 2, SOURCE)
    event = s.load(s.array("f4", 100, name="x"), 64 * s.b + s.t)
    (found,) = s.play(Memcheck(), event).findings
    assert (found.kind, found.line, found.array, found.count) == ("out_of_bounds", 1, "x", 28)
    assert (found.block, found.threads) == ((1, 0, 0), ((36, 0, 0),))
    assert found.source == "y[i] = x[i]"
    for piece in ("Línea 1", "lectura", "«x»", "hilo 36", "bloque 1", "x[100]", "de 0 a 99"):
        assert piece in found.message
    assert found.detail["index"] == [100] and found.detail["shape"] == [100]


def test_inside_is_clean(scene):
    s = scene(64)
    assert s.play(Memcheck(), s.load(s.array("f4", 64), s.t)).findings == []


def test_a_guard_protects(scene):
    s = scene(64, 2)
    i = 64 * s.b + s.t
    assert s.play(Memcheck(), s.store(s.array("f4", 100), i, mask=i < 100)).findings == []


def test_lanes_that_do_not_exist_are_not_reported(scene):
    s = scene(40)
    assert s.play(Memcheck(), s.load(s.array("f4", 40), s.t)).findings == []


def test_two_dimensions(scene):
    # Columna 16 de una tesela 16x16, en los 16 hilos con tx = 15.
    s = scene((16, 16))
    event = s.load(s.array("f4", (16, 16), "shared", name="s"), (s.ty, s.tx + 1))
    (found,) = s.play(Memcheck(), event).findings
    assert found.count == 16 and found.threads == ((15, 0, 0),)
    assert "s[0, 16]" in found.message and "de 0 a 15 y de 0 a 15" in found.message
    assert "(x=15, y=0)" in found.message


def test_a_negative_index_and_an_empty_array(scene):
    s = scene(32)
    negative = s.store(s.array("f4", 32, name="y"), s.t - 1, line=2)
    empty = s.load(s.array("f4", 0, name="v"), s.t, line=3)
    first, second = s.play(Memcheck(), empty, negative).findings
    assert (first.line, first.count, first.detail["index"]) == (2, 1, [-1])
    assert second.count == 32 and "está vacío" in second.message


def test_repeated_cases_are_one_finding(scene):
    s = scene(32)
    event = s.load(s.array("f4", 31), s.t, line=5)
    (found,) = s.play(Memcheck(), event, event, event).findings
    assert found.count == 3 and "2 veces más" in found.message


def test_misaligned_float64(scene):
    # float64 desde la dirección 4: ningún carril está alineado a 8.
    s = scene(32)
    event = s.load(s.array("f8", 64, base=0x10004, name="x"), s.t)
    (found,) = s.play(Memcheck(), event).findings
    assert (found.kind, found.count) == ("misaligned", 32)
    assert "65540" in found.message and "8 B" in found.message


def test_complex128_needs_only_eight(scene):
    s = scene(32)
    event = s.load(s.array("c16", 64, base=0x10008), s.t)
    assert s.play(Memcheck(), event).findings == []
