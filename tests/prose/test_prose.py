"""La prosa de todo el proyecto: palabras del glosario, ortografía, títulos y oraciones."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
import reading

HERE = Path(__file__).parent
DICTIONARIES = (
    Path("/usr/share/hunspell"),
    Path("/usr/share/myspell"),
    Path("/usr/share/myspell/dicts"),
)
VARIANTS = ("es_MX", "es_CO", "es_ES", "es_ANY", "es")

# Palabra del glosario -> traducciones que aquí no se usan.
FORBIDDEN = {
    "hilo": r"hebras?|subprocesos?",
    "malla": r"rejillas?|grillas?|cuadrículas? de bloques",
    "carril": r"lanes?",
    "tesela": r"mosaicos?|baldosas?|azulejos?",
    "ocupación": r"ocupancia",
    "acceso coalescido": r"coalescentes?|accesos? fusionados?",
    "barrera": r"barreras? de sincronía",
    "anfitrión": r"hospedador",
    "suma de prefijos": r"suma prefija|escaneo",
    "cuantización": r"cuantificación",
    "ancho de banda": r"anchura de banda",
    "fuera de rango": r"fuera de límites|fuera de los límites del arreglo",
    "notebook": r"libretas?",
    "operación atómica": r"atómicamente hablando",
}

# Nombres propios que un título puede llevar con mayúscula en medio.
PROPER = {
    "GPU", "CUDA", "NVIDIA", "Numba", "NumPy", "CuPy", "Jupyter", "JupyterLab", "FlashAttention",
    "Tensor", "Google", "Colab", "Slurm", "Windows", "macOS", "English", "PyTorch", "JAX", "Python",
    "Volta", "Kaggle", "SAXPY", "AoS", "SoA", "SIMT", "CPU",
}  # fmt: skip

TEXTS = reading.documents()
FILES = [text for text in TEXTS if text.place.endswith(".md")]
CHECKED = [text for text in TEXTS if "glossary" not in text.place]


def by_place(texts):
    return {"argvalues": texts, "ids": lambda text: text.place}


def without_abstract(text):
    """El resumen en inglés del README no es español."""
    return re.sub(r"## English abstract.*?(?=\n## )", "", text, flags=re.DOTALL)


# --- El glosario -----------------------------------------------------------------------------


def test_the_glossary_is_read_whole():
    entries = reading.glossary()
    assert {"hilo", "malla", "tesela", "warp"} <= {entry.term for entry in entries}
    names = {entry.term: entry.english for entry in entries}
    assert names["bloque"] == ("block", "thread block")
    assert [e.term for e in entries if not e.kept and not e.english] == []


def test_the_forbidden_words_belong_to_the_glossary():
    assert set(FORBIDDEN) <= {entry.term for entry in reading.glossary()}


@pytest.mark.parametrize("text", **by_place(CHECKED))
def test_translations_are_the_glossarys(text):
    words = reading.prose(without_abstract(text.body))
    pattern = re.compile(rf"\b(?:{'|'.join(FORBIDDEN.values())})\b", re.IGNORECASE)
    assert pattern.findall(words) == []


@pytest.mark.parametrize("text", **by_place(CHECKED))
def test_what_has_a_spanish_name_is_not_named_in_english(text):
    words = reading.prose(without_abstract(text.body), italics=False)
    names = [n for e in reading.glossary() for n in e.english if n not in (e.term, "sector")]
    names = [name for name in names if not name.startswith("condición")]
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})s?\b", re.IGNORECASE)
    assert pattern.findall(words) == []


# --- La forma --------------------------------------------------------------------------------


@pytest.mark.parametrize("text", **by_place(FILES))
def test_headings_are_in_sentence_case(text):
    for heading in reading.headings(text.body):
        # Después de «:», «?» o un número empieza otra oración.
        inner = re.findall(r"(?<![:?.\d] )(?<=\s)[A-ZÁÉÍÓÚÑ][\w-]*", heading)
        assert [word for word in inner if word not in PROPER] == [], heading


@pytest.mark.parametrize("text", **by_place(FILES))
def test_one_sentence_a_line(text):
    ends = re.compile(r"[a-záéíóúñ»)][.?]\s+[«¿]?[A-ZÁÉÍÓÚÑ]")
    title = re.compile(r"^`{3,}|^\d\.|^¿")
    found = [(n, line) for n, line in reading.lines(text.body) if ends.search(line)]
    assert [pair for pair in found if not title.match(pair[1])] == []


@pytest.mark.parametrize("text", **by_place(TEXTS))
def test_there_are_no_exclamations_or_emojis(text):
    words = reading.prose(re.sub(r"!\[", "[", text.body))
    assert re.findall(r"[¡!]|[\U0001f300-\U0001faff\u2600-\u27bf]", words) == []


@pytest.mark.parametrize("path", [*reading.PAGES, *reading.LOOSE], ids=lambda p: p.name)
def test_every_image_has_alternative_text(path):
    images = re.findall(r"!\[([^\]]*)\]\(", path.read_text(encoding="utf-8"))
    assert [alt for alt in images if len(alt) < 20] == []


@pytest.mark.parametrize("path", reading.PAGES, ids=lambda p: p.name)
def test_every_figure_has_alternative_text_and_caption(path):
    for cell in reading.figures_of(path):
        if "figure" in cell:
            assert len(cell["figure"]["caption"]) >= 20
            assert len(cell["image"]["alt"]) >= 40


@pytest.mark.parametrize("path", reading.LOOSE, ids=lambda p: p.name)
def test_links_lead_somewhere(path):
    targets = re.findall(r"\]\(([^):#]+)\)", path.read_text(encoding="utf-8"))
    assert [t for t in targets if not (path.parent / t).exists()] == []


# --- La ortografía ---------------------------------------------------------------------------


@cache
def dictionary():
    spylls = pytest.importorskip("spylls.hunspell", reason="falta spylls: requirements-dev.txt")
    for folder in DICTIONARIES:
        for name in VARIANTS:
            if (folder / f"{name}.dic").is_file():
                return spylls.Dictionary.from_files(str(folder / name))
    pytest.skip("no hay un diccionario de español: instala hunspell-es")


@cache
def own_words():
    """Las palabras del proyecto: términos, nombres propios y palabras técnicas."""
    listed = (HERE / "words.txt").read_text(encoding="utf-8").split("\n")
    return {line.strip() for line in listed if line.strip() and not line.startswith("#")}


@cache
def is_known(word):
    if word in own_words() or word.lower() in own_words():
        return True
    return any(dictionary().lookup(form) for form in {word, word.lower()})


def misspelled(text):
    text = re.sub(r"\w*_\w*", " ", text)  # los identificadores no son palabras
    words = set(re.findall(r"[A-Za-zÁÉÍÓÚÜÑáéíóúüñ]{3,}", text))
    return sorted(word for word in words if not word.isupper() and not is_known(word))


@pytest.mark.parametrize("text", **by_place(TEXTS))
def test_spelling(text):
    dictionary()
    words = misspelled(reading.prose(without_abstract(text.body), italics=False))
    if "glossary" in text.place:  # ahí las palabras que se conservan son entradas, sin cursiva
        kept = " ".join(entry.term for entry in reading.glossary() if entry.kept)
        words = [word for word in words if word not in kept.split()]
    assert words == []


def test_the_spell_checker_sees_a_mistake():
    dictionary()
    assert misspelled("los hilos del bloqe usan memória") == ["bloqe", "memória"]


def test_the_project_dictionary_is_sorted():
    lines = (HERE / "words.txt").read_text(encoding="utf-8").split("\n")
    words = [line for line in lines if line and not line.startswith("#")]
    assert words == sorted(set(words), key=lambda word: (word.lower(), word))
