"""El índice de términos: cada palabra, con sus mayúsculas y su enlace."""

import importlib.util
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "ext/term_index.py"


def test_a_term_is_found_whatever_its_capitals():
    pytest.importorskip("sphinx")
    spec = importlib.util.spec_from_file_location("term_index", SOURCE)
    term_index = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(term_index)
    objects = {
        ("term", "SIMT"): ("book/glossary", "term-SIMT"),
        ("term", "warp"): ("book/glossary", "term-warp"),
        ("label", "fig-intro"): ("book/intro", "fig-intro"),
    }
    assert term_index.definitions(objects) == {
        "simt": ("book/glossary", "term-SIMT", "SIMT"),
        "warp": ("book/glossary", "term-warp", "warp"),
    }
