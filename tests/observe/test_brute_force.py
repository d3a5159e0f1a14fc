"""Contra una versión lenta y aparte, en Python puro, sobre accesos al azar."""

import math
from collections import Counter
from dataclasses import replace
from functools import cache
from itertools import product

import numpy as np
import pytest

from urdimbre.observe import Counters, Racecheck, Tally
from urdimbre.sim.events import Access

GEOMETRIES = [((32,), (1,)), ((40,), (3,)), ((16, 6), (2, 2)), ((7, 3, 2), (4,)), ((128,), (2,))]
SIZES = {1: "i1", 2: "f2", 4: "f4", 8: "f8", 16: "c16"}


def shapes(s, rng):
    """Formas que un evento puede traer: completas o reducidas."""
    full = s.lanes.shape
    return tuple(n if rng.random() < 0.6 else 1 for n in full)


def random_mask(s, rng):
    return True if rng.random() < 0.4 else rng.random(shapes(s, rng)) < rng.choice([0.1, 0.6, 0.95])


def random_access(s, rng, space, kinds, span):
    size = int(rng.choice(list(SIZES)))
    array = s.array(SIZES[size], span // size, space, name=f"m{size}")
    array = replace(array, allocation=(array.address, span + 16))
    index = rng.integers(0, span // size - 1, shapes(s, rng), dtype=np.int64)
    if rng.random() < 0.3:
        index = (s.t * int(rng.integers(1, 5))) % (span // size)
    shift = int(rng.choice([0, 0, 0, 1, 4, 8])) if space == "global" else 0
    address = array.address + shift + index * size
    kind = str(rng.choice(kinds))
    line = int(rng.integers(1, 4))
    return Access(kind, line, array, address, random_mask(s, rng), size, s.lanes, (index,))


def lanes_of(s, *values):
    """Carriles que existen: ``(b, w, l, valores...)``."""
    x, y, z = s.lanes.block
    spread = [np.broadcast_to(np.asarray(v), s.lanes.shape) for v in values]
    for b, w, k in product(*map(range, s.lanes.shape)):
        if 32 * w + k < x * y * z:
            yield (b, w, k, *(v[b, w, k].item() for v in spread))


def by_warp(s, event):
    warps = {}
    for b, w, k, address, mask in lanes_of(s, event.address, event.mask):
        if mask:
            warps.setdefault((b, w), {})[k] = address
    return warps.values()


def slow_sectors(lanes, size):
    return len({byte // 32 for a in lanes.values() for byte in range(a, a + size)})


def slow_group(lanes, size):
    banks = {}
    for a in lanes.values():
        for word in {byte // 4 for byte in range(a, a + size)}:
            banks.setdefault(word % 32, set()).add(word)
    return max((len(words) for words in banks.values()), default=0)


def slow_wavefronts(lanes, size, kind):
    groups = {8: 2, 16: 4}.get(size, 1)
    if groups > 1 and kind == "load" and any(slow_paired(lanes, step) for step in (1, 2)):
        groups //= 2
    width = 32 // groups
    parts = [{k: a for k, a in lanes.items() if k // width == g} for g in range(groups)]
    spent = [slow_group(part, size) for part in parts]
    return sum(spent), sum(1 for n in spent if n)


def slow_paired(lanes, step):
    return all(lanes.get(k ^ step, a) == a for k, a in lanes.items())


def slow_atomic(lanes, size):
    """De uno en uno: cada carril ocupa el turno de los bancos de sus palabras."""
    turns = Counter((a // 4 + w) % 32 for a in lanes.values() for w in range(max(1, size // 4)))
    return max(turns.values())


def slow_local(lanes, size):
    """El byte k del hilo l está en (k // 4 * 32 + l) * 4 + k % 4."""
    places = {((k // 4) * 32 + lane) * 4 + k % 4 for lane, a in lanes.items()
              for k in range(a, a + size)}  # fmt: skip
    return len({place // 32 for place in places})


def slow_tally(s, events):
    total = Tally(blocks=s.lanes.shape[0])
    for e in events:
        for lanes in by_warp(s, e):
            total.warp_steps += e.array.space != "local"
            total.active_lanes += len(lanes) * (e.array.space != "local")
            if e.kind == "atomic":
                times = [list(lanes.values()).count(a) for a in lanes.values()]
                total.atomic_requests += 1
                total.atomic_lanes += len(lanes)
                total.atomic_passes += max(times)
                total.atomic_max_lanes = max(total.atomic_max_lanes, *times)
                if e.array.space == "shared":
                    total.shared_atomic_requests += 1
                    total.shared_atomic_wavefronts += slow_atomic(lanes, e.size)
            elif e.array.space == "global":
                add(total, f"global_{e.kind}_requests", 1)
                add(total, f"global_{e.kind}_sectors", slow_sectors(lanes, e.size))
                add(total, f"global_{e.kind}_ideal", math.ceil(e.size * len(lanes) / 32))
                add(total, f"global_{e.kind}_bytes", e.size * len(lanes))
                add(total, f"global_{e.kind}_distinct", e.size * len(set(lanes.values())))
            elif e.array.space == "local":
                add(total, f"local_{e.kind}_requests", 1)
                add(total, f"local_{e.kind}_sectors", slow_local(lanes, e.size))
            else:
                spent, ideal = slow_wavefronts(lanes, e.size, e.kind)
                add(total, f"shared_{e.kind}_requests", 1)
                add(total, f"shared_{e.kind}_wavefronts", spent)
                add(total, f"shared_{e.kind}_ideal", ideal)
    return total


def add(tally, name, amount):
    setattr(tally, name, getattr(tally, name) + amount)


@pytest.mark.parametrize("space", ["global", "shared", "local"])
@pytest.mark.parametrize("seed", range(25))
def test_counters(scene, seed, space):
    rng = np.random.default_rng(seed)
    s = scene(*GEOMETRIES[seed % len(GEOMETRIES)])
    kinds = ["load", "store"] if space == "local" else ["load", "store", "atomic"]
    events = [random_access(s, rng, space, kinds, 4096) for _ in range(6)]
    assert s.play(Counters(), *events).total == slow_tally(s, events)


HAZARD = {
    "load": {"store": "RAW", "atomic": "RAW"},
    "store": {"store": "WAW", "load": "WAR", "atomic": "WAW"},
    "atomic": {"store": "WAW", "load": "WAR"},
}


def slow_races(s, events):
    """Cuántos carriles chocan por ``(línea, acceso, riesgo)``, y qué líneas chocan consigo."""
    seen, counts, together, meetings = {}, Counter(), set(), []
    for e in events:
        if not isinstance(e, Access):
            meetings.append(slow_meeting(s, e))
            continue
        now = [(who, slow_bytes(e, who, address)) for who, address in active_lanes(s, e)]
        for who, places in now:
            earlier = {
                kind
                for p in places
                for kind, other, then in seen.get(p, ())
                if who not in slow_reach(other, tuple(meetings[then:]))
            }
            for kind in earlier & set(HAZARD[e.kind]):
                counts[e.line, e.kind, HAZARD[e.kind][kind]] += 1
        repeated = Counter(p for _, places in now for p in places)
        if e.kind == "store" and max(repeated.values(), default=0) > 1:
            together.add(e.line)
        for who, places in now:
            for place in places:
                seen.setdefault(place, set()).add((e.kind, who, len(meetings)))
    return counts, together


@cache
def slow_reach(who, meetings):
    """A quién le llega la noticia de ``who``: se cuenta en cada reunión, y quien la oye, sigue."""
    informed = {who}
    for groups in meetings:
        informed |= {x for group in groups if informed & group for x in group}
    return informed


def slow_meeting(s, e):
    """Quiénes se reúnen: los carriles de un warp, o los hilos de un bloque si llega alguno."""
    groups = {}
    for b, w, k, mask in lanes_of(s, e.mask):
        if e.kind != "syncwarp":
            groups.setdefault(b, []).append(((b, 32 * w + k), mask))
        elif mask:
            groups.setdefault((b, w), []).append(((b, 32 * w + k), mask))
    return tuple(frozenset(x for x, _ in g) for g in groups.values() if any(m for _, m in g))


def active_lanes(s, e):
    for b, w, k, address, mask in lanes_of(s, e.address, e.mask):
        if mask:
            yield (b, 32 * w + k), address


def slow_bytes(e, who, address):
    """Los bytes del acceso; en memoria compartida, cada bloque los suyos."""
    owner = who[0] if e.array.space == "shared" else None
    return [(owner, byte) for byte in range(address, address + e.size)]


def warps(s, rng, partial):
    """Todos, o warps enteros; con ``partial``, también carriles sueltos, medios warps o pocos."""
    blocks, warps, _ = s.lanes.shape
    choices = [True, rng.random((blocks, warps, 1)) < 0.7]
    if partial:
        choices += [rng.random((1, warps, 32)) < 0.8, s.t % 32 < 16, rng.random((1, 1, 32)) < 0.2]
    return choices[rng.integers(0, len(choices))]


def random_program(s, rng, space, syncwarps, partial=False):
    events = []
    for _ in range(10):
        kinds = ["load", "load", "store", "atomic"]
        events.append(random_access(s, rng, space, kinds, int(rng.choice([64, 1024, 8192]))))
        if rng.random() < 0.4:
            events.append(s.barrier(mask=rng.random((s.lanes.shape[0], 1, 1)) < 0.8))
        if syncwarps and rng.random() < 0.6:
            events.append(s.barrier(mask=warps(s, rng, partial), kind="syncwarp"))
    return events


def races(s, space, events):
    counts, together = Counter(), set()
    for f in s.play(Racecheck((space,)), *events).findings:
        if f.detail["same_instruction"]:
            together.add(f.line)
        else:
            counts[f.line, f.detail["access"], f.detail["hazard"]] += f.count
    return counts, together


@pytest.mark.parametrize("syncwarps", [False, True])
@pytest.mark.parametrize("space", ["shared", "global"])
@pytest.mark.parametrize("seed", range(20))
def test_races(scene, seed, space, syncwarps):
    rng = np.random.default_rng(1000 + seed)
    s = scene(*GEOMETRIES[seed % len(GEOMETRIES)])
    events = random_program(s, rng, space, syncwarps)
    assert races(s, space, events) == slow_races(s, events)


@pytest.mark.parametrize("space", ["shared", "global"])
def test_races_with_partial_masks(scene, space):
    """Nunca se inventa un choque; se pueden perder, porque de cada gránulo se guardan dos hilos."""
    found, real = Counter(), Counter()
    for seed in range(6):
        rng = np.random.default_rng(3000 + seed)
        s = scene(*GEOMETRIES[seed % len(GEOMETRIES)])
        events = random_program(s, rng, space, True, partial=True)
        (counts, together), (exact, also) = races(s, space, events), slow_races(s, events)
        assert counts <= exact and together == also
        found, real = found + counts, real + exact
    assert found.total() >= 0.98 * real.total() > 200


@pytest.mark.parametrize("seed", range(20))
def test_reduced_and_full_shapes_agree(scene, seed):
    """El mismo acceso, con la forma reducida o entera, da las mismas cuentas y hallazgos."""
    rng = np.random.default_rng(2000 + seed)
    s = scene(*GEOMETRIES[seed % len(GEOMETRIES)])
    events = [random_access(s, rng, "shared", ["load", "store"], 256) for _ in range(6)]
    whole = [full(s, e) for e in events]
    assert s.play(Counters(), *events).total == s.play(Counters(), *whole).total
    one, other = s.play(Racecheck(), *events), s.play(Racecheck(), *whole)
    assert [f.to_dict() for f in one.findings] == [f.to_dict() for f in other.findings]


def full(s, e):
    address, mask = (np.broadcast_to(v, s.lanes.shape).copy() for v in (e.address, e.mask))
    return Access(e.kind, e.line, e.array, address, mask, e.size, e.lanes, e.index)
