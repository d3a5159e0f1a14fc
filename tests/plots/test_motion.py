"""Las figuras por pasos: una imagen a la vista, todas al alcance, livianas."""

import re

import pytest

from urdimbre.plots import style
from urdimbre.plots.motion import steps


def picture(k, height=1.5):
    figure, ax = style.figure(height)
    style.canvas(ax, 4, 1)
    for i in range(4):
        style.cell(ax, (i, 0), style.USED if i == k else style.EMPTY, str(i))
    return figure


@pytest.fixture
def sequence():
    return steps([picture(k) for k in range(4)], [f"Paso {k} & más" for k in range(4)], "Cuatro.")


def test_each_step_has_its_image_its_caption_and_its_button(sequence):
    html = sequence._repr_html_()
    assert html.count("<img ") == html.count('type="radio"') == html.count("<figcaption>") == 4
    assert html.count(" checked>") == 1
    assert 'alt="Cuatro. Paso 2 &amp; más"' in html


def test_every_move_leads_to_a_step_and_every_step_can_be_reached(sequence):
    html = sequence._repr_html_()
    buttons = re.findall(r'<input [^>]*id="([^"]+)"', html)
    moves = re.findall(r'<label for="([^"]+)"', html)
    assert set(moves) == set(buttons)
    # Desde cada paso, primero el anterior y luego el siguiente, en círculo.
    assert moves[1::2] == buttons[1:] + buttons[:1]
    assert moves[0::2] == buttons[-1:] + buttons[:-1]


def test_the_rule_of_a_button_shows_its_own_figure(sequence):
    html = sequence._repr_html_()
    shown = re.findall(r"#(\S+):checked ~ \.(\S+) \{display: block\}", html)
    classes = re.findall(r'<figure class="([^"]+)"', html)
    assert [b for b, _ in shown] == [c for _, c in shown] == classes


def test_two_sequences_do_not_share_buttons(sequence):
    other = steps([picture(1)], ["uno"], "Uno.")
    groups = [set(re.findall(r'name="([^"]+)"', s._repr_html_())) for s in (sequence, other)]
    assert len(groups[0]) == len(groups[1]) == 1 and groups[0] != groups[1]


def test_it_is_light_and_needs_no_script(sequence):
    html = sequence._repr_html_()
    assert len(html) < 4 * 15_000 and "<script" not in html


@pytest.mark.parametrize(
    ("figures", "captions"),
    [([], []), ([picture(0)], []), ([picture(0), picture(1, height=2.0)], ["a", "b"])],
)
def test_a_mistake_is_said(figures, captions):
    with pytest.raises(ValueError, match="figura"):
        steps(figures, captions, "x")
