"""La grabación contra el compilador real, donde ``numba-cuda`` está instalado."""

from __future__ import annotations

import json

import generated_types as generated
import pytest
import real_compiler
import record_types
import type_cases as cases

pytestmark = pytest.mark.skipif(
    not real_compiler.available(), reason="numba-cuda no está instalado"
)


def _golden():
    return json.loads(record_types.GOLDEN.read_text("utf-8"))


@pytest.fixture(scope="module", autouse=True)
def same_versions():
    recorded = _golden()["versions"]
    if real_compiler.versions()["numba-cuda"] != recorded["numba-cuda"]:
        pytest.skip(f"la grabación es de numba-cuda {recorded['numba-cuda']}")


@pytest.mark.parametrize("name", cases.pair_templates())
def test_pairs_of_types(name):
    recorded = record_types.pair_table(cases.pair_templates()[name], real_compiler.infer)
    assert recorded == _golden()["pairs"][name]


def test_one_type_and_literals():
    golden = _golden()["singles"]
    for name, body in cases.single_templates().items():
        assert record_types.single_row(body, real_compiler.infer) == golden[name], name


def test_programs():
    golden = _golden()["programs"]
    for name, (types, text) in cases.programs().items():
        assert real_compiler.infer(text, types) == golden[name], text


def test_generated_expressions():
    answers = [real_compiler.infer(text, types) for text, types in generated.questions()[:500]]
    assert answers == _golden()["generated"]["answers"].split()[:500]
