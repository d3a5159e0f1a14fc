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
    assert "Hilos que llegan: 16 de 64;" in found.message and "otra rama" in found.message
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


def meeting(s, **kwargs):
    return s.play(Synccheck(), s.barrier(2, kind="syncwarp", **kwargs)).findings


def test_a_warp_that_does_not_arrive_is_not_missed(scene):
    # El warp 1 no llega con ningún carril: nadie lo espera.
    s = scene(64)
    assert meeting(s, mask=s.t < 32) == []
    assert meeting(s) == []


def test_named_lanes_that_never_arrive(scene):
    # Llegan los hilos 0 a 39 y la máscara nombra a los 32 carriles: del warp 1 faltan 24, y el
    # primero es el hilo 40, su carril 8. En los 3 bloques: 3 warps.
    s = scene(64, 3, SOURCE)
    (found,) = meeting(s, mask=s.t < 40)
    assert (found.kind, found.line, found.count) == ("divergent_barrier", 2, 3)
    assert (found.block, found.threads) == ((0, 0, 0), ((40, 0, 0),))
    assert found.detail == {
        "severity": "error", "reason": "warp_missing", "warp": 1, "lane": 8, "lanes": 24,
    }  # fmt: skip
    assert "carril 8 del warp 1" in found.message and "2 veces más" in found.message
    assert found.source == "cuda.syncthreads()"


def test_a_mask_that_names_only_those_who_arrive(scene):
    s = scene(32)
    assert meeting(s, mask=s.t < 16, named=s.t < 16) == []


def test_lanes_that_arrive_unnamed(scene):
    # Llegan 0 a 16 y se nombran 0 a 15: sobra el hilo 16.
    s = scene(32)
    (found,) = meeting(s, mask=s.t <= 16, named=s.t < 16)
    assert (found.detail["reason"], found.threads) == ("warp_unnamed", ((16, 0, 0),))
    assert "no lo nombra" in found.message and found.severity == "error"


def test_one_missing_and_one_unnamed(scene):
    # Se nombran 0 a 15 y llegan 1 a 16.
    s = scene(32)
    found = meeting(s, mask=(s.t >= 1) & (s.t <= 16), named=s.t < 16)
    assert [(f.detail["reason"], f.threads[0][0], f.detail["lanes"]) for f in found] == [
        ("warp_missing", 0, 1),
        ("warp_unnamed", 16, 1),
    ]


def test_finished_and_absent_lanes_are_not_missed(scene):
    # 40 hilos: el warp 1 tiene 8 carriles; los hilos 30 a 39 ya terminaron.
    s = scene(40)
    assert meeting(s, mask=s.t < 30, exited=s.t >= 30) == []
    assert meeting(s) == []


def test_one_finding_a_barrier(scene):
    s = scene(64)
    events = [s.barrier(n, mask=s.t < 16) for n in (5, 2, 5)]
    found = s.play(Synccheck(), *events).findings
    assert [(f.line, f.count) for f in found] == [(2, 1), (5, 2)]
