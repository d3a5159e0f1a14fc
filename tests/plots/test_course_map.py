"""El mapa del curso: cada unidad, debajo de las que necesita, y nada encimado."""

from urdimbre.exercises import UNITS, Unit
from urdimbre.plots.course_map import BOX, course_map, positions


def texts(figure):
    return [text.get_text() for text in figure.axes[0].texts]


def test_what_is_needed_is_above():
    places = positions(UNITS)
    for unit in UNITS:
        assert all(places[need][1] < places[unit.number][1] for need in unit.needs)


def test_no_two_boxes_overlap():
    places = positions(UNITS).values()
    for x, y in places:
        assert all(abs(x - u) >= BOX[0] for u, v in places if v == y and u != x)


def test_every_unit_is_drawn_with_its_hours_and_its_arrows():
    units = (Unit("a", 1, "Uno"), Unit("b", 2, "Dos: y más", (1,), 2.5), Unit("c", 3, "Tres", (1,)))
    drawn = texts(course_map(units))
    assert "2. Dos" in drawn and "2,5 h" in drawn
    assert drawn.count("") == sum(len(unit.needs) for unit in units)  # las flechas


def test_a_need_comes_earlier_in_the_course():
    numbers = [unit.number for unit in UNITS]
    assert numbers == sorted(numbers)
    for unit in UNITS:
        assert all(need in numbers and need < unit.number for need in unit.needs)
        assert unit.hours > 0
