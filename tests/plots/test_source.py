"""El código con su calor y con quién lo ejecuta: lo que se dibuja, contra lo contado."""

import numpy as np
import pytest

from urdimbre.errors import ArgumentError
from urdimbre.observe import Counters, Profile, profile
from urdimbre.plots.profile import KINDS, MISSING, plot, plots
from urdimbre.plots.source import code_lines, divergence, heat_column
from urdimbre.sim import facade as cuda
from urdimbre.sim.events import LaunchInfo

f4 = np.float32


@cuda.jit
def branchy(x, out):
    s = cuda.shared.array(64, f4)
    t = cuda.threadIdx.x
    s[t] = x[8 * t]
    cuda.syncthreads()
    if t % 2 == 0:
        out[t] = s[t] + s[t]


@pytest.fixture(scope="module")
def report():
    return profile(branchy[1, 64], np.zeros(512, f4), np.zeros(64, f4), card="H100")


def test_every_line_has_its_share(report):
    # Por warp, la copia: 32 sectores y 1 frente de onda; la última línea: 4 sectores, aunque
    # escriba un elemento sí y otro no, y 2 frentes. En 2 warps, 66 y 12 de 78.
    fig = heat_column(report)
    (ax,) = fig.axes
    shares = [text.get_text() for text in ax.texts]
    assert shares == [f"{100 * 66 / 78:.0f} %", f"{100 * 12 / 78:.0f} %"]
    labels = [label.get_text() for label in ax.get_yticklabels()]
    assert len(labels) == 8 and labels[-1].endswith("        out[t] = s[t] + s[t]")
    assert "transacciones de memoria" in fig.get_suptitle()


def test_the_strip_shows_who_is_active(report):
    ax = divergence(report).axes[0]
    (image,) = ax.get_images()
    table = image.get_array()
    # Sin la línea del decorador: def, s, t, copia, barrera, if y la escritura.
    assert table.shape == (7, 32)
    assert table.mask[0].all() and (table[1:6] == 1).all()
    assert table[6].tolist() == [1.0, 0.0] * 16
    assert [t.get_text() for t in ax.texts] == ["32,0"] * 5 + ["16,0"]


def test_by_warps(report):
    (image,) = divergence(report, by="warps").axes[0].get_images()
    assert image.get_array().shape == (7, 2) and image.get_array()[6].tolist() == [0.5, 0.5]
    with pytest.raises(ArgumentError, match="lanes o por warps"):
        divergence(report, by="blocks")


def test_long_lines_are_cut():
    text = "    x = " + "1 + " * 40 + "1"
    launch = LaunchInfo("k", "<celda>", 1, ("def k():", text), (1, 1, 1), (32, 1, 1))
    labels = heat_column(Profile(launch, Counters(), [])).axes[0].get_yticklabels()
    assert labels[1].get_text().endswith("…") and len(labels[1].get_text()) < 60


def test_one_call_reaches_every_picture(report):
    assert list(plots(report)) == list(KINDS) == list(MISSING)
    assert plot(report).get_suptitle() == heat_column(report).get_suptitle()
    assert plot(report, "divergence", by="warps").axes
    # La lectura de x a saltos es la que más sectores mueve: 32.
    assert "32 sectores" in plot(report, "sectors").axes[0].get_title("left")
    assert "«x»" in plot(report, "sectors").axes[0].get_title("left")
    assert "«s»" in plot(report, "banks").axes[0].get_title("left")
    assert "«s»" in plot(report, "banks", array="s", kind="load", warp=1).axes[0].get_title("left")
    assert "H100" in plot(report, "roofline").axes[0].get_title("left")


def test_what_cannot_be_drawn_says_why():
    empty = Profile(LaunchInfo("k", "", 1, (), (1, 1, 1), (32, 1, 1)), Counters(), [])
    assert plots(empty) == {}
    for what, why in MISSING.items():
        with pytest.raises(ArgumentError) as found:
            plot(empty, what)
        assert why in str(found.value)
    with pytest.raises(ArgumentError, match="Las que hay: source"):
        plot(empty, "tiempo")
    with pytest.raises(ArgumentError, match="no guardó"):
        divergence(empty)


def test_lines_of_a_device_function_come_last():
    @cuda.jit(device=True)
    def double(v):
        return v + v

    @cuda.jit
    def k(x):
        x[cuda.grid(1)] = double(x[cuda.grid(1)])

    lines = code_lines(profile(k[1, 32], np.ones(32, f4)))
    assert lines[-1].text == "return v + v" and lines[-1].name.startswith("double:")
    assert lines[0].text.strip() == "def k(x):"
