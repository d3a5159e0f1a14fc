"""Barreras a las que no llega todo el bloque."""

from urdimbre.observe import Synccheck

SOURCE = ("if tx < 16:", "    cuda.syncthreads()")


def test_barrier_in_a_branch(scene):
    # Llegan los hilos 0 a 15 de 64, en los 3 bloques.
    s = scene(64, 3, SOURCE)
    (found,) = s.play(Synccheck(), s.barrier(2, mask=s.t < 16)).findings
    assert (found.kind, found.line, found.count) == ("divergent_barrier", 2, 3)
    assert (found.block, found.threads) == ((0, 0, 0), ((16, 0, 0),))
    assert found.detail["reason"] == "branch" and found.severity == "error"
    assert (found.detail["arrived"], found.detail["total"]) == (16, 64)
    assert "Llegan 16 de 64" in found.message and "otra rama" in found.message
    assert found.source == "cuda.syncthreads()"


def test_early_return_is_a_warning(scene):
    # Los hilos 40 a 63 ya terminaron.
    s = scene(64)
    (found,) = s.play(Synccheck(), s.barrier(2, mask=s.t < 40, exited=s.t >= 40)).findings
    assert found.detail["reason"] == "exited" and found.severity == "warning"
    assert found.detail["exited"] == 24 and "return" in found.message
    assert found.threads == ((40, 0, 0),)


def test_branch_and_return_together(scene):
    # Llegan 0 a 31; 32 a 47 en otra rama; 48 a 63 terminaron.
    s = scene(64)
    (found,) = s.play(Synccheck(), s.barrier(2, mask=s.t < 32, exited=s.t >= 48)).findings
    assert found.detail["reason"] == "mixed" and found.severity == "error"
    assert (found.detail["branched"], found.detail["exited"]) == (16, 16)


def test_whole_blocks_may_skip(scene):
    # Una condición igual en todo el bloque: nadie llega en los bloques 0 y 2.
    s = scene(64, 3)
    assert s.play(Synccheck(), s.barrier(2, mask=s.b == 1)).findings == []


def test_a_partial_warp_is_a_whole_block(scene):
    s = scene(40, 2)
    assert s.play(Synccheck(), s.barrier(2), s.barrier(3, mask=s.t < 40)).findings == []


def test_only_the_divergent_block_is_counted(scene):
    # Guarda global i < 100 con bloques de 64: el bloque 1 llega con 36.
    s = scene(64, 2)
    (found,) = s.play(Synccheck(), s.barrier(2, mask=64 * s.b + s.t < 100)).findings
    assert (found.count, found.block, found.threads) == (1, (1, 0, 0), ((36, 0, 0),))


def test_syncwarp_is_another_matter(scene):
    s = scene(64)
    assert s.play(Synccheck(), s.barrier(2, mask=s.t < 16, kind="syncwarp")).findings == []


def test_one_finding_a_barrier(scene):
    s = scene(64)
    events = [s.barrier(n, mask=s.t < 16) for n in (5, 2, 5)]
    found = s.play(Synccheck(), *events).findings
    assert [(f.line, f.count) for f in found] == [(2, 1), (5, 2)]
