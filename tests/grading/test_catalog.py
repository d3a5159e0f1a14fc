"""Las fichas: completas, con casos que discriminan y con lo esperado calculado aparte."""

from __future__ import annotations

import ast

import numpy as np
import pytest

from urdimbre.errors import ExerciseError
from urdimbre.exercises import CATALOG, UNITS, get, in_unit
from urdimbre.exercises.inputs import is_poison, poison
from urdimbre.exercises.spec import Limit, Weights
from urdimbre.grading.run import Run
from urdimbre.observe.tally import Tally

# Cuántos ejercicios tiene cada unidad.
COUNTS = {
    "u01_execution_model": 3,
    "u02_first_kernels": 7,
    "u03_global_memory": 4,
    "u04_shared_memory": 7,
    "u06_parallel_patterns": 9,
    "u08_matmul_tiled": 5,
    "u10_softmax_norms": 6,
    "u11_attention": 5,
}
# La salida más pequeña que admite el enunciado, cuando no es de un solo elemento.
SMALLEST = {
    "debug_missing_barrier": 128,
    "soa_particles": 4,
    "row_sums_coalesced": 32,
    "histogram_shared": 64,
    "reduce_grid": 3,
    "matmul_tiled": 256,
    "flash_attention_forward": 16,
    "flash_attention_causal": 16,
    "attention_gqa": 16,
}
KERNELS = [exercise for exercise in CATALOG if exercise.subject == "kernel"]


def cases(exercise, seed=5):
    return exercise.cases(np.random.default_rng(seed))


def test_ids_are_unique_and_units_known_and_in_order():
    assert len({exercise.id for exercise in CATALOG}) == len(CATALOG)
    order = [unit.slug for unit in UNITS]
    positions = [order.index(exercise.unit) for exercise in CATALOG]
    assert positions == sorted(positions)
    assert {slug: len(in_unit(slug)) for slug in order} == COUNTS


@pytest.mark.parametrize("exercise", CATALOG, ids=lambda e: e.id)
def test_each_record_is_complete(exercise):
    assert exercise.title and exercise.statement.strip() and exercise.size
    assert len(exercise.hints) == 3 and all(len(hint) > 20 for hint in exercise.hints)
    assert "?" in exercise.hints[0]
    assert exercise.points == 10
    assert exercise.tolerance.why
    assert all(limit.why for limit in exercise.limits)


@pytest.mark.parametrize("exercise", CATALOG, ids=lambda e: e.id)
def test_statements_have_one_sentence_a_line(exercise):
    prose = [part for k, part in enumerate(exercise.statement.split("```")) if k % 2 == 0]
    lines = [line for part in prose for line in part.splitlines() if line.strip()]
    assert [line for line in lines if not line.endswith((".", ":", "?", "$$"))] == []
    assert [line for line in lines if line[0].islower()] == []


@pytest.mark.parametrize("exercise", CATALOG, ids=lambda e: e.id)
def test_the_stub_is_valid_python_that_defines_the_symbol(exercise):
    defined = [
        n.name
        for n in ast.walk(ast.parse(exercise.stub))
        if hasattr(n, "args") and isinstance(n, ast.FunctionDef)
    ]
    assert defined == list(exercise.symbols)


@pytest.mark.parametrize("exercise", CATALOG, ids=lambda e: e.id)
def test_the_same_seed_gives_the_same_cases(exercise):
    for one, two in zip(cases(exercise), cases(exercise), strict=True):
        assert one.name == two.name
        for a, b in zip((*one.args, *one.expected), (*two.args, *two.expected), strict=True):
            assert np.asarray(a).tobytes() == np.asarray(b).tobytes()


@pytest.mark.parametrize("exercise", KERNELS, ids=lambda e: e.id)
def test_outputs_come_poisoned_and_match_the_expected_shape(exercise):
    for case in cases(exercise):
        assert len(case.outputs) == len(case.expected) > 0
        for position, expected in zip(case.outputs, case.expected, strict=True):
            blank = is_poison(case.args[position])
            assert not blank.any() if position in case.accumulates else blank.all()
            assert case.args[position].shape == expected.shape


@pytest.mark.parametrize("exercise", KERNELS, ids=lambda e: e.id)
def test_real_inputs_are_not_integers_and_have_both_signs(exercise):
    everything = [
        a.ravel()
        for case in cases(exercise)
        for i, a in enumerate(case.args)
        if isinstance(a, np.ndarray) and i not in case.outputs and a.dtype.kind == "f"
    ]
    if everything:
        values = np.concatenate(everything)
        values = values[np.isfinite(values)]
        assert values.min() < 0 < values.max()
        assert np.mean(values == np.round(values)) < 0.05


@pytest.mark.parametrize("exercise", KERNELS, ids=lambda e: e.id)
def test_there_are_several_grids_and_sizes_that_leave_a_remainder(exercise):
    drawn = cases(exercise)
    grids = {step.grid for case in drawn for step in case.plan}
    assert len(grids) >= 3 and any(np.prod(grid) > 1 for grid in grids)
    sizes = {case.args[case.outputs[0]].size for case in drawn}
    assert min(sizes) == SMALLEST.get(exercise.id, 1)


@pytest.mark.parametrize("exercise", KERNELS, ids=lambda e: e.id)
def test_limits_name_a_real_counter_and_a_real_case(exercise):
    names = [case.name for case in cases(exercise)]
    assert len(set(names)) == len(names)
    for limit in exercise.limits:
        assert hasattr(Run, limit.counter) or hasattr(Tally(), limit.counter)
        assert limit.case in names


def test_an_unknown_exercise_suggests_the_closest():
    with pytest.raises(ExerciseError, match="vector_add"):
        get("vector_ad")
    with pytest.raises(ExerciseError, match="No hay un ejercicio"):
        get(None)
    with pytest.raises(ExerciseError, match="u02_first_kernels"):
        in_unit("u03")


def test_a_limit_has_one_bound():
    with pytest.raises(ValueError, match="solo uno"):
        Limit("global_load_sectors", "medida", most=1, least=1)
    assert Limit("x", "medida", most=4).code == "over_limit:x"
    assert Limit("x", "medida", least=1).code == "under_limit:x"
    assert Limit("x", "medida", most=4).holds(4) and not Limit("x", "medida", least=1).holds(0)


def test_weights_add_up_to_one():
    with pytest.raises(ValueError, match="sumar 1"):
        Weights(0.5, 0.5, 0.5)


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int32, np.int64, np.uint8])
def test_poison_is_recognised_bit_by_bit(dtype):
    array = poison((2, 3), dtype)
    array[1, 2] = 7
    assert is_poison(array).tolist() == [[True] * 3, [True, True, False]]


def test_an_ordinary_nan_is_not_poison():
    assert not is_poison(np.array([np.nan], np.float32)).any()
