"""Las fórmulas del libro se entienden todas, y una que no, se dice."""

import importlib.util
import re
from pathlib import Path

import pytest
import reading

ROOT = Path(__file__).parents[2]


def load(name):
    spec = importlib.util.spec_from_file_location(name, ROOT / "ext" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


mathml = load("mathml")
PAGES = sorted((ROOT / "book").glob("*.md"))


def formulas(text):
    """Las de ``$$…$$`` y las de ``$…$``, fuera de los bloques de código."""
    text = re.sub(r"^(`{3,}).*?^\1$", "", text, flags=re.M | re.S)
    text = re.sub(r"`[^`\n]*`", "", text)
    blocks = re.findall(r"\$\$(.+?)\$\$", text, flags=re.S)
    return blocks + re.findall(r"\$([^$\n]+)\$", re.sub(r"\$\$.+?\$\$", "", text, flags=re.S))


@pytest.fixture
def warnings(monkeypatch):
    found = []
    monkeypatch.setattr(mathml.logger, "warning", lambda text, *args, **_: found.append(args))
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_every_formula_is_understood(page, warnings):
    for tex in formulas(reading.markdown_of(page)):
        assert mathml.mathml(tex, "inline", None).startswith("<math"), tex
    assert warnings == []


def test_there_are_formulas_to_read():
    assert sum(len(formulas(reading.markdown_of(page))) for page in PAGES) > 200


@pytest.mark.parametrize(
    "tex", [r"\noexiste{x}", r"a + \raro", r"\begin{aligned} a &= b \end{aligned}"]
)
def test_what_is_not_understood_is_a_warning(tex, warnings):
    mathml.mathml(tex, "inline", None)
    assert warnings


@pytest.mark.parametrize(
    ("tex", "part"),
    [
        (r"m = -\infty", '<mo form="prefix">&#x02212;</mo><mi>&#x0221E;</mi>'),
        (r"(a) - b", "&#x00029;</mo><mo>&#x02212;</mo>"),
        ("m'", "<msup><mi>m</mi><mo>&#x02032;</mo></msup>"),
        (r"\max(a, b)", "<mi>max</mi>"),
    ],
)
def test_the_spacing_of_signs(tex, part):
    assert part in mathml.mathml(tex, "inline", None)


@pytest.mark.parametrize(("display", "tag"), [("block", "munder"), ("inline", "msub")])
def test_the_limit_of_a_maximum_goes_under_it_in_its_own_line(display, tag):
    text = mathml.mathml(r"\max_{j \in A} s_j", display, None)
    assert f"<{tag}><mi>max</mi>" in text and text.count(f"<{tag}>") == text.count(f"</{tag}>")
