"""El estilo «urdimbre» de la bibliografía y de las citas: sus palabras, en español."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as dataclass_field

from pybtex.plugin import register_plugin as register_pybtex
from pybtex.style.formatting import toplevel
from pybtex.style.formatting.plain import Style as PlainStyle
from pybtex.style.formatting.unsrt import date, pages
from pybtex.style.template import field, names, optional, optional_field, sentence, tag, words
from sphinxcontrib.bibtex.plugin import register_plugin as register_sphinx
from sphinxcontrib.bibtex.style.referencing import PersonStyle
from sphinxcontrib.bibtex.style.referencing.author_year import AuthorYearReferenceStyle

ORDINAL = "{}.ª"


def edition():
    return optional[words[field("edition", apply_func=ORDINAL.format), "edición"]]


class SpanishStyle(PlainStyle):
    """Un método por clase de obra, con el nombre que pybtex espera."""

    def format_names(self, role, as_sentence=True):
        listed = names(role, sep=", ", sep2=" y ", last_sep=" y ")
        return sentence[listed] if as_sentence else listed

    def get_book_template(self, e):
        return self._work(e, sentence[optional_field("publisher"), edition(), date], book=True)

    def get_inproceedings_template(self, e):
        volume = optional[words["volumen", field("volume")]]
        place = words["En", tag("em")[field("booktitle")]]
        return self._work(
            e, sentence[place, volume, optional[pages], optional_field("publisher"), date]
        )

    def get_manual_template(self, e):
        return self._work(e, sentence[optional_field("organization"), edition(), date], book=True)

    def get_phdthesis_template(self, e):
        return self._work(e, sentence["Tesis doctoral", field("school"), date], book=True)

    def get_techreport_template(self, e):
        report = words["Informe técnico", optional_field("number")]
        return self._work(e, sentence[report, field("institution"), date])

    def _work(self, e, details, *, book=False):
        title = self.format_btitle(e, "title") if book else self.format_title(e, "title")
        author = optional[self.format_names("author")]
        note = optional[sentence[field("note")]]
        return toplevel[author, title, details, note, self.format_web_refs(e)]


def spanish_people() -> PersonStyle:
    return PersonStyle(sep2=" y ", last_sep=" y ", other=" y otros")


@dataclass
class SpanishReferenceStyle(AuthorYearReferenceStyle):
    """Autor y año: «Ruetsch y Micikevicius, 2009»."""

    person: PersonStyle = dataclass_field(default_factory=spanish_people)


def setup(app) -> dict:
    register_pybtex("pybtex.style.formatting", "urdimbre", SpanishStyle)
    register_sphinx("sphinxcontrib.bibtex.style.referencing", "urdimbre", SpanishReferenceStyle)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
