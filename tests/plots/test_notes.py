"""Las tablas y las diferencias que muestran las páginas."""

from __future__ import annotations

from types import SimpleNamespace

from urdimbre.observe.findings import Finding
from urdimbre.plots import notes


def before(a, b):
    x = 1
    b[x] = a[x]


def after(a, b):
    x = 1
    if x < a.size:
        b[x] = a[x]


def as_kernel(function):
    return SimpleNamespace(py_func=function)


def test_a_table_writes_decimals_with_a_comma():
    shown = notes.table(["kernel", "sectores"], ["`copy`", 4.0], ["otro", 5.375], ["diez", 10])
    assert shown.data.splitlines() == [
        "| kernel | sectores |",
        "| --- | --- |",
        "| `copy` | 4 |",
        "| otro | 5,38 |",
        "| diez | 10 |",
    ]


def test_a_diff_keeps_only_the_lines_that_change():
    assert notes.diff(as_kernel(before), as_kernel(after)).data.splitlines() == [
        "```diff",
        "-    b[x] = a[x]",
        "+    if x < a.size:",
        "+        b[x] = a[x]",
        "```",
    ]


def test_the_same_kernel_has_no_difference():
    assert notes.diff(as_kernel(before), as_kernel(before)).data == "```diff\n```"


def test_a_report_quotes_the_lines_and_escapes_the_brackets():
    found = Finding("race", "El hilo 0 lee s[1].", 7, "y[t] = s[t]", (0, 0, 0), (), "s")
    assert notes.report([found]).data.splitlines() == [
        "**Error.** El hilo 0 lee s\\[1\\].",
        "```text",
        "       7 | y[t] = s[t]",
        "```",
    ]


def test_an_empty_report_says_so():
    assert notes.report([]).data == "Sin hallazgos."
