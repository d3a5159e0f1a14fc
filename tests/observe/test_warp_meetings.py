"""Reuniones de warp: por partes, con varias máscaras a la vez, y con quien ya terminó."""

import numpy as np
import pytest

from urdimbre import sim
from urdimbre.errors import BarrierError
from urdimbre.observe import sanitize
from urdimbre.sim import facade as cuda

f4 = np.float32


@cuda.jit
def both_branches(out):
    s = cuda.shared.array(64, f4)
    t = cuda.threadIdx.x
    s[t] = t
    if t % 32 < 16:
        cuda.syncwarp()
    else:
        cuda.syncwarp()
    out[t] = s[t]


@cuda.jit
def twice_in_each_branch(out):
    t = cuda.threadIdx.x
    if t % 32 < 16:
        cuda.syncwarp()
        out[t] = 1
        cuda.syncwarp()
    else:
        cuda.syncwarp()
        out[t] = 2
        cuda.syncwarp()


@cuda.jit
def three_branches(out):
    t = cuda.threadIdx.x
    if t % 3 == 0:  # noqa: SIM114  dos líneas, a propósito
        cuda.syncwarp()
    elif t % 3 == 1:
        cuda.syncwarp()
    else:
        cuda.syncwarp()
    out[t] = t


@cuda.jit
def only_some_warps_split(out):
    t = cuda.threadIdx.x
    if t < 40:
        cuda.syncwarp()
    else:
        cuda.syncwarp()
    out[t] = t


@cuda.jit
def the_others_return(out):
    t = cuda.threadIdx.x
    if t % 32 < 16:
        cuda.syncwarp()
    else:
        return
    out[t] = t


@cuda.jit
def halves_by_name(out):
    t = cuda.threadIdx.x
    if t % 32 < 16:
        cuda.syncwarp(0x0000FFFF)
    else:
        cuda.syncwarp(0xFFFF0000)
    out[t] = t


@pytest.mark.parametrize(
    "kernel",
    [
        both_branches,
        twice_in_each_branch,
        three_branches,
        only_some_warps_split,
        the_others_return,
        halves_by_name,
    ],
)
def test_a_meeting_may_happen_at_several_lines(kernel):
    assert sanitize(kernel[2, 64], np.zeros(64, f4), races=("shared",)) == []
    kernel[2, 64](np.zeros(64, f4))  # sin que nadie observe, tampoco es un error


@cuda.jit
def one_branch(out):
    t = cuda.threadIdx.x
    if t % 32 < 16:
        cuda.syncwarp()
    out[t] = t


@cuda.jit
def one_branch_then_all(out):
    t = cuda.threadIdx.x
    if t % 32 < 16:
        cuda.syncwarp()
    cuda.syncwarp()
    out[t] = t


@cuda.jit
def twice_against_once(out):
    t = cuda.threadIdx.x
    if t % 32 < 16:
        cuda.syncwarp()
        cuda.syncwarp()
    else:
        cuda.syncwarp()
    out[t] = t


@cuda.jit
def other_mask(out):
    t = cuda.threadIdx.x
    if t % 32 < 16:
        cuda.syncwarp()
    else:
        cuda.syncwarp(0xFFFF0000)
    out[t] = t


@pytest.mark.parametrize(
    ("kernel", "offset"),
    [(one_branch, 4), (one_branch_then_all, 4), (twice_against_once, 5), (other_mask, 4)],
)
def test_who_never_arrives_is_named_at_the_line_that_waits(kernel, offset):
    (found,) = sanitize(kernel[1, 64], np.zeros(64, f4))
    line = kernel.py_func.__code__.co_firstlineno + offset
    assert (found.line, found.detail["reason"]) == (line, "warp_missing")
    # El carril 16 de cada uno de 2 warps es el primero que falta.
    assert (found.threads, found.count) == (((16, 0, 0),), 2)
    with pytest.raises(BarrierError, match="nombra al carril 16"):
        kernel[1, 64](np.zeros(64, f4))


@cuda.jit
def written_then_met(x, out):
    s = cuda.shared.array(32, f4)
    t = cuda.threadIdx.x
    if t < 16:
        s[t] = x[t]
        cuda.syncwarp()
    else:
        cuda.syncwarp()
        out[t] = s[t - 16]


@cuda.jit
def written_after_meeting(x, out):
    s = cuda.shared.array(32, f4)
    t = cuda.threadIdx.x
    if t < 16:
        cuda.syncwarp()
        s[t] = x[t]
    else:
        cuda.syncwarp()
        out[t] = s[t - 16]


def test_a_meeting_by_parts_orders_what_was_before_it():
    out = np.zeros(32, f4)
    assert sanitize(written_then_met[1, 32], np.arange(32, dtype=f4), out) == []
    assert out[16:].tolist() == list(range(16))
    # Lo que se escribe después de la reunión no está ordenado con quien lee: 16 choques.
    (race,) = sanitize(written_after_meeting[1, 32], np.arange(32, dtype=f4), out)
    assert (race.detail["hazard"], race.count) == ("RAW", 16)


@cuda.jit
def own_half(out):
    s = cuda.shared.array(64, f4)
    t = cuda.threadIdx.x
    mask = 0x0000FFFF if t % 32 < 16 else 0xFFFF0000
    s[t] = t
    cuda.syncwarp(mask)
    out[t] = s[t ^ 1]


@cuda.jit
def other_half(out):
    s = cuda.shared.array(64, f4)
    t = cuda.threadIdx.x
    mask = 0x0000FFFF if t % 32 < 16 else 0xFFFF0000
    s[t] = t
    cuda.syncwarp(mask)
    out[t] = s[t ^ 16]


@cuda.jit
def crossed_masks(out):
    t = cuda.threadIdx.x
    mask = 0x0000FFFF if t % 32 < 8 else 0xFFFFFFFF
    cuda.syncwarp(mask)
    out[t] = t


def test_masks_of_one_call_only_order_those_they_name():
    assert sanitize(own_half[1, 64], np.zeros(64, f4)) == []
    # Dos mitades que se reúnen por separado en la misma llamada no se ordenan entre sí.
    (race,) = sanitize(other_half[1, 64], np.zeros(64, f4))
    assert (race.detail["hazard"], race.count) == ("RAW", 64)


def test_lanes_that_name_each_other_with_different_masks_do_not_meet():
    # Los carriles 0 a 7 esperan a los 8 a 15, y los 8 a 31 a los 0 a 7: nadie se reúne.
    found = sanitize(crossed_masks[1, 32], np.zeros(32, f4))
    assert {f.detail["reason"] for f in found} == {"warp_missing"}


@cuda.jit
def exchange_to_initialise(out):
    s = cuda.shared.array(64, np.int32)
    t = cuda.threadIdx.x
    cuda.atomic.exch(s, t, t)
    cuda.syncthreads()
    out[t] = s[63 - t]


@cuda.jit
def exchange_that_reads(out):
    s = cuda.shared.array(64, np.int32)
    t = cuda.threadIdx.x
    out[t] = cuda.atomic.exch(s, t, t)


@cuda.jit
def add_to_garbage(out):
    s = cuda.shared.array(64, np.int32)
    t = cuda.threadIdx.x
    cuda.atomic.add(s, t, t)
    out[t] = s[t]


def test_an_exchange_whose_result_nobody_uses_is_a_write():
    assert sanitize(exchange_to_initialise[1, 64], np.zeros(64, np.int32)) == []
    for kernel in (exchange_that_reads, add_to_garbage):
        (found,) = sanitize(kernel[1, 64], np.zeros(64, np.int32))
        assert (found.kind, found.count, found.detail["access"]) == ("uninitialized", 64, "atomic")


@pytest.mark.parametrize("lanes", [32, 1 << 15])
def test_chunks_and_a_shuffled_order_say_the_same(lanes):
    with sim.options(chunk_lanes=lanes):
        assert sanitize(both_branches[3, 64], np.zeros(64, f4), races=()) == []
        (found,) = sanitize(one_branch[3, 64], np.zeros(64, f4), races=())
    assert found.count == 6
    with sim.options(schedule_seed=5):
        assert sanitize(both_branches[1, 64], np.zeros(64, f4), races=()) == []
        assert len(sanitize(one_branch[1, 64], np.zeros(64, f4), races=())) == 1
