"""De quién es cada archivo descargado de una plataforma."""

from __future__ import annotations

import zipfile
from pathlib import PurePath

import pytest
from nbgrader.apps.zipcollectapp import ZipCollectApp
from nbgrader.coursedir import CourseDirectory

from urdimbre.exercises import UNITS
from urdimbre.grading.nbgrader.collect import owner

UNIT = UNITS[0].slug


@pytest.mark.parametrize(
    ("path", "student"),
    [
        (f"Pérez Ana María_4521_assignsubmission_file_/{UNIT}.ipynb", "4521"),
        (f"descarga/Pérez Ana_4521_assignsubmission_file/{UNIT}.ipynb", "4521"),
        (f"Pérez Ana_4521_assignsubmission_file_{UNIT}.ipynb", "4521"),
        (f"perezana_4521_98765_{UNIT}.ipynb", "4521"),
        (f"entregas/perezana_LATE_4521_98765_{UNIT}-1.ipynb", "4521"),
        (f"ana_{UNIT}.ipynb", "ana"),
        (f"entregas/ana-{UNIT}(1).ipynb", "ana"),
        (f"ana.perez@uni.edu/{UNIT}.ipynb", "ana.perez@uni.edu"),
        (f"ana/{UNIT} (1).ipynb", "ana"),
        (f"{UNIT}.ipynb", ""),
        (f"../{UNIT}.ipynb", ""),
        (f"=cmd()/{UNIT}.ipynb", ""),
    ],
)
def test_the_owner_is_in_the_path(path, student):
    assert owner(PurePath(path), UNIT) == student


def test_zip_collect_puts_each_notebook_in_its_place(made_up_course):
    course = made_up_course
    archive = course.root / "downloaded" / UNIT / "archive"
    archive.mkdir(parents=True)
    with zipfile.ZipFile(archive / "descarga.zip", "w") as zipped:
        zipped.writestr(f"Pérez Ana_4521_assignsubmission_file_/{UNIT}.ipynb", "{}")
        zipped.writestr(f"Soto Luis_77_assignsubmission_file_/{UNIT} (1).ipynb", "{}")
        zipped.writestr("Soto Luis_77_assignsubmission_file_/numba.py", "1 / 0")
        zipped.writestr(f"Soto Luis_77_assignsubmission_file_/{UNIT} (2).ipynb", "[]")
    course.config.CourseDirectory.assignment_id = UNIT
    app = ZipCollectApp(config=course.config, coursedir=CourseDirectory(config=course.config))
    app.init_plugins()
    app.extract_archive_files()
    app.process_extracted_files()
    submitted = course.root / "submitted"
    found = sorted(str(path.relative_to(submitted)) for path in submitted.rglob("*.*"))
    assert found == [f"4521/{UNIT}/{UNIT}.ipynb", f"77/{UNIT}/{UNIT}.ipynb"]
    assert (submitted / "77" / UNIT / f"{UNIT}.ipynb").read_text() == "{}"
