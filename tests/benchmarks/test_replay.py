"""Los kernels de los capítulos, repetidos en la tarjeta desde los mismos argumentos."""

from __future__ import annotations

import numpy as np
import pytest
from card import chapters, replay

from urdimbre.backend import simulated_cuda

pytest.importorskip("IPython", reason="las páginas usan IPython")
pytest.importorskip("matplotlib", reason="las páginas dibujan")


@pytest.mark.parametrize("page", ["intro", "u01_warps", "u06_reduction_ladder"])
def test_a_page_gives_the_first_launch_of_its_kernels(page):
    found = replay.launches(page, simulated_cuda())
    assert set(found) == set(chapters.kernel_names(page))
    for launched in found.values():
        assert replay.differences(page, launched, simulated_cuda(), simulated_cuda()) == []


def test_the_arguments_are_those_of_before_the_launch():
    launched = replay.launches("u06_reduction_ladder", simulated_cuda())["sum_shuffles"]
    x, out = launched.args
    assert out.tolist() == [0.0]
    after = replay.run("u06_reduction_ladder", launched, simulated_cuda())
    assert after[1][0] == pytest.approx(x.sum(dtype=np.float64), rel=1e-5)


def test_a_kernel_with_other_constants_is_not_the_chapters():
    # La página dibuja con bloques pequeños: mismo nombre y mismo texto, otro BLOCK.
    launched = replay.launches("u06_reduction_ladder", simulated_cuda())["sum_interleaved"]
    assert launched.block[0] == 256


def test_a_racy_launch_has_no_defined_result():
    cuda = simulated_cuda()
    found = replay.launches("u06_scan_ladder", cuda)
    assert replay.undefined("u06_scan_ladder", found["scan_racy"], cuda)
    assert not replay.undefined("u06_scan_ladder", found["scan_warps"], cuda)


@pytest.mark.parametrize(
    ("given", "wanted", "problem"),
    [
        (np.array([1, 2]), np.array([1, 2]), ""),
        (np.array([2, 1]), np.array([1, 2]), "enteros"),
        (np.array([1.0, np.nan]), np.array([1.0, np.nan]), ""),
        (np.array([np.nan]), np.array([1.0]), "finitos"),
        (np.float32([1.0]), np.float32([1.00001]), ""),
        (np.float32([1.0]), np.float32([1.001]), "difieren"),
        (np.array([np.nan]), np.array([np.nan]), ""),
    ],
)
def test_differences_are_noticed(given, wanted, problem):
    assert problem in (found := replay.difference(given, wanted)) and bool(found) == bool(problem)


def test_order_can_be_left_free():
    assert replay.difference(np.array([2, 1]), np.array([1, 2]), any_order=True) == ""


@pytest.mark.gpu
@pytest.mark.parametrize("page", replay.pages())
def test_the_kernels_of_a_page_agree_with_the_card(page):
    cuda = pytest.importorskip("numba.cuda", reason="Numba no está instalado")
    if not cuda.is_available():
        pytest.skip("no hay una GPU que Numba CUDA pueda usar")
    simulated, wrong = simulated_cuda(), []
    for launched in replay.launches(page, simulated).values():
        if not replay.undefined(page, launched, simulated):
            wrong += replay.differences(page, launched, cuda, simulated)
    assert wrong == []
