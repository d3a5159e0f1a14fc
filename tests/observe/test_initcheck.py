"""Lecturas de memoria que nadie escribió."""

from dataclasses import replace

import numpy as np
import pytest

from urdimbre import sim
from urdimbre.observe import Initcheck, sanitize
from urdimbre.observe.written import Written
from urdimbre.sim import facade as cuda

f4, i4 = np.float32, np.int32


def shared(scene, threads=64, blocks=1, size=256, dtype="f4"):
    s = scene(threads, blocks, ("s = cuda.shared.array(256, f4)", "s[t] = 0", "y[i] = s[t]"))
    return s, replace(s.array(dtype, size, "shared", name="s"), line=1)


def test_shared_read_before_any_write(scene):
    # Los 64 hilos leen s[t] en 3 bloques: 192.
    s, a = shared(scene, blocks=3)
    (found,) = s.play(Initcheck(), s.load(a, s.t, 3)).findings
    assert (found.kind, found.line, found.array, found.count) == ("uninitialized", 3, "s", 192)
    assert (found.block, found.threads) == ((0, 0, 0), ((0, 0, 0),))
    assert (found.source, found.other_line) == ("y[i] = s[t]", 1)
    assert found.other_source == "s = cuda.shared.array(256, f4)"
    for piece in ("Línea 3", "«s»", "hilo 0", "s[0]", "declarado en la línea 1", "191 veces más"):
        assert piece in found.message


def test_written_is_clean(scene):
    s, a = shared(scene)
    assert s.play(Initcheck(), s.store(a, s.t, 2), s.load(a, 63 - s.t, 3)).findings == []


def test_one_past_what_was_written(scene):
    # Se escribe s[0..63] y el hilo 63 lee s[64].
    s, a = shared(scene)
    (found,) = s.play(Initcheck(), s.store(a, s.t, 2), s.load(a, s.t + 1, 3)).findings
    assert (found.count, found.threads, found.detail["element"]) == (1, ((63, 0, 0),), "s[64]")


def test_a_guard_leaves_a_hole_in_one_block(scene):
    # Escriben los hilos con 64 b + t < 100: faltan 28 elementos en el bloque 1.
    s, a = shared(scene, blocks=2)
    guard = 64 * s.b + s.t < 100
    (found,) = s.play(Initcheck(), s.store(a, s.t, 2, mask=guard), s.load(a, s.t, 3)).findings
    assert (found.count, found.block, found.threads) == (28, (1, 0, 0), ((36, 0, 0),))
    both = s.store(a, s.t, 2, mask=guard), s.load(a, s.t, 3, mask=guard)
    assert s.play(Initcheck(), *both).findings == []


def test_an_atomic_reads_what_was_there(scene):
    # Sin ponerla en cero, la primera atómica de cada hilo lee basura; la segunda ya no.
    s, a = shared(scene)
    (found,) = s.play(Initcheck(), s.atomic(a, s.t, 2), s.atomic(a, s.t, 3)).findings
    assert (found.line, found.count) == (2, 64) and "operación atómica" in found.message
    assert s.play(Initcheck(), s.store(a, s.t, 1), s.atomic(a, s.t, 2)).findings == []


def test_lanes_that_do_not_exist_read_nothing(scene):
    s, a = shared(scene, 40)
    (found,) = s.play(Initcheck(), s.load(a, s.t, 3)).findings
    assert found.count == 40


def test_out_of_bounds_is_left_to_memcheck(scene):
    s, a = shared(scene)
    assert s.play(Initcheck(), s.store(a, s.t + 230, 2), s.load(a, s.t + 300, 3)).findings == []


def test_bytes_of_another_type(scene):
    # Se escriben float32 en los bytes 0 a 255; leídos como float64 están los 32 primeros, y como
    # int8 del 0 al 255.
    s, a = shared(scene, 64)
    wide = replace(a, dtype=np.dtype("f8"), shape=(128,))
    narrow = replace(a, dtype=np.dtype("i1"), shape=(1024,))
    events = s.store(a, s.t, 2), s.load(wide, s.t % 33, 3), s.load(narrow, 4 * s.t + 4, 4)
    found = s.play(Initcheck(), *events).findings
    # El hilo 32 lee el float64 número 32 (bytes 256 a 263); el 63 lee el byte 256.
    assert [(f.line, f.count, f.threads[0][0]) for f in found] == [(3, 1, 32), (4, 1, 63)]


def test_half_a_double(scene):
    # Solo se escribe la mitad baja de cada float64.
    s, a = shared(scene, 32)
    wide = replace(a, dtype=np.dtype("f8"), shape=(128,))
    (found,) = s.play(Initcheck(), s.store(a, 2 * s.t, 2), s.load(wide, s.t, 3)).findings
    assert found.count == 32


def test_misaligned_bytes_are_exact(scene):
    # Se escriben los bytes 0 a 131; lecturas de 4 B desde 4 t + 2: la del hilo 32 toca 130..133.
    s, a = shared(scene, 33)
    whole = s.store(a, s.t, 2)
    shifted = replace(s.load(a, s.t, 3), address=4 * s.t + 2)
    (found,) = s.play(Initcheck(), whole, shifted).findings
    assert (found.count, found.threads) == (1, ((32, 0, 0),))


def test_local_memory_is_of_each_thread(scene):
    # El hilo 5 escribe su local[0]; los otros 63 leen el suyo sin escribir.
    s = scene(64)
    a = replace(s.array("f4", 4, "local", name="v"), line=1)
    (found,) = s.play(Initcheck(), s.store(a, 0, 2, mask=s.t == 5), s.load(a, 0, 3)).findings
    assert found.count == 63 and "Un arreglo local no comienza en cero" in found.message
    assert s.play(Initcheck(), s.store(a, 0, 2), s.load(a, 0, 3)).findings == []


def test_two_local_arrays_are_not_the_same(scene):
    # Los dos comienzan en el desplazamiento 0 de su hilo.
    s = scene(32)
    a, b = (replace(s.array("f4", 4, "local", name=n), line=1) for n in "ab")
    (found,) = s.play(Initcheck(), s.store(a, 0, 2), s.load(b, 0, 3)).findings
    assert found.array == "b"


def test_global_memory_only_if_nobody_wrote_it(scene):
    s = scene(64)
    a = s.array("f4", 64, name="y")
    assert s.play(Initcheck(), s.load(a, s.t)).findings == []
    fresh = replace(a, initialized=False)
    (found,) = s.play(Initcheck(), s.load(fresh, s.t)).findings
    assert found.count == 64 and "cuda.device_array no pone ceros" in found.message
    assert found.other_line == 0 and "declarado" not in found.message
    assert s.play(Initcheck(), s.store(fresh, s.t), s.load(fresh, s.t)).findings == []


def test_a_launch_does_not_remember_the_global_memory_of_another(scene):
    s = scene(32)
    fresh = replace(s.array("f4", 32, name="y"), initialized=False)
    check = s.play(Initcheck(), s.store(fresh, s.t))
    assert s.play(check, s.load(fresh, s.t)).findings[0].count == 32


def test_global_memory_is_of_every_block(scene):
    # El bloque 0 escribe y[0..63]; el bloque 1 lo lee.
    s = scene(64, 2)
    a = replace(s.array("f4", 128, name="y"), initialized=False)
    events = s.store(a, s.t, 1, mask=s.b == 0), s.load(a, s.t, 2, mask=s.b == 1)
    assert s.play(Initcheck(), *events).findings == []


def test_constants_are_never_uninitialised(scene):
    s = scene(32)
    assert s.play(Initcheck(), s.load(s.array("f4", 32, "const"), s.t)).findings == []


def test_shared_memory_is_new_in_each_chunk(scene):
    s, a = shared(scene)
    check = s.play(Initcheck(), s.store(a, s.t, 2), s.load(a, s.t, 3))
    assert check.findings == []
    assert s.play(check, s.load(a, s.t, 3)).findings[0].count == 64


@cuda.jit
def accumulate(x, out):
    i = cuda.grid(1)
    out[i] += x[i]


@cuda.jit
def fill(out):
    out[cuda.grid(1)] = 1


def test_device_array_end_to_end():
    x, out = np.ones(64, f4), cuda.device_array(64, f4)
    (found,) = sanitize(accumulate[2, 32], x, out)
    assert (found.kind, found.array, found.count) == ("uninitialized", "out", 64)
    assert found.source == "out[i] += x[i]"
    # Después de un lanzamiento, o de una copia, ya no se sabe que falte.
    assert sanitize(accumulate[2, 32], x, out) == []
    out = cuda.device_array(64, f4)
    out.copy_to_device(np.zeros(64, f4))
    assert sanitize(accumulate[2, 32], x, out) == []
    out = cuda.device_array(64, f4)
    out[:] = 0
    assert sanitize(accumulate[2, 32], x, out) == []
    assert sanitize(accumulate[2, 32], x, np.zeros(64, f4)) == []
    assert sanitize(accumulate[2, 32], x, cuda.to_device(np.zeros(64, f4))) == []


def test_a_kernel_may_initialise_the_array_of_another():
    out = cuda.device_array(64, f4)
    check = Initcheck()
    with sim.observing(check):
        fill[2, 32](out)
        accumulate[2, 32](np.ones(64, f4), out)
    assert check.findings == []


@cuda.jit
def local_sum(x, out):
    i = cuda.grid(1)
    total = cuda.local.array(1, f4)
    for k in range(4):
        total[0] += x[4 * i + k]
    out[i] = total[0]


@cuda.jit
def nan_on_purpose(out):
    s = cuda.shared.array(32, f4)
    t = cuda.threadIdx.x
    s[t] = np.nan
    cuda.syncthreads()
    out[t] = s[31 - t]


def test_local_accumulator_without_a_start():
    # Se lee en la primera vuelta; después ya está escrito.
    (found,) = sanitize(local_sum[1, 32], np.ones(128, f4), np.zeros(32, f4))
    assert (found.kind, found.array, found.count) == ("uninitialized", "total", 32)
    assert found.other_source == "total = cuda.local.array(1, f4)"


def test_writes_decide_and_not_values():
    assert sanitize(nan_on_purpose[1, 32], np.zeros(32, f4)) == []


def slow_uninitialised(s, events):
    """Byte por byte: cuántos carriles leen algo que nadie escribió, por línea."""
    written, counts = set(), {}
    for e in events:
        spread = [np.broadcast_to(np.asarray(v), s.lanes.shape) for v in (e.address, e.mask)]
        touched = []
        for b, w, k in np.ndindex(*s.lanes.shape):
            if spread[1][b, w, k] and 32 * w + k < s.lanes.block[0]:
                own = (b,) if e.array.space == "shared" else (b, w, k)
                start = int(spread[0][b, w, k])
                touched.append({(own, byte) for byte in range(start, start + e.size)})
        if e.kind != "store":
            bad = sum(not places <= written for places in touched)
            counts[e.line] = counts.get(e.line, 0) + bad
        if e.kind != "load":
            written.update(*touched)
    return {line: n for line, n in counts.items() if n}


@pytest.mark.parametrize("space", ["shared", "local"])
@pytest.mark.parametrize("seed", range(15))
def test_against_a_set_of_bytes(scene, seed, space):
    rng = np.random.default_rng(seed)
    s = scene(int(rng.choice([32, 40, 96])), int(rng.integers(1, 4)))
    base = s.array("u1", 512, space, name="m")
    events = []
    for line in range(1, 16):
        size = int(rng.choice([1, 2, 4, 8, 16]))
        array = replace(base, dtype=np.dtype(f"V{size}"), shape=(512 // size,))
        shape = [n if rng.random() < 0.5 else 1 for n in s.lanes.shape]
        shift = int(rng.choice([0, 0, 1, 4])) if size > 1 else 0
        address = size * rng.integers(0, 496 // size, shape, dtype=np.int64) + shift
        some = rng.random([n if rng.random() < 0.5 else 1 for n in s.lanes.shape]) < 0.7
        mask = True if rng.random() < 0.5 else some
        event = s.access(str(rng.choice(["load", "store", "store", "atomic"])), array, 0, line)
        events.append(replace(event, address=address, mask=mask))
    found = {f.line: f.count for f in s.play(Initcheck(), *events).findings}
    assert found == slow_uninitialised(s, events)


def test_a_full_table_is_not_looked_at_again():
    # 12 bytes: con tres palabras de 4 está entera, aunque la tabla se redondee a 16.
    table = Written(12, ())
    words = 4 * np.arange(3, dtype=np.int64).reshape(1, 1, 3)
    table.mark(words[..., :2], 4, None, (1, 1, 32))
    assert not table.complete
    table.mark(words[..., 2:], 4, None, (1, 1, 32))
    assert table.complete and table.missing(words, 4, None) is None


def test_local_memory_is_new_in_each_chunk(scene):
    s = scene(32)
    a = replace(s.array("f4", 4, "local", name="v"), line=1)
    check = s.play(Initcheck(), s.store(a, 0, 2), s.load(a, 0, 3))
    assert s.play(check, s.load(a, 0, 3)).findings[0].count == 32
