"""El avance aparece solo si tarda y si alguien mira."""

import io

import pytest

from urdimbre.sim.host import progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(("seconds", "spoken"), [(0.0, False), (0.6, True)])
def test_progress_speaks_only_after_a_while(monkeypatch, seconds, spoken):
    now = iter(seconds * k for k in range(100))
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(now))
    monkeypatch.setattr(progress.sys, "stderr", Terminal())
    assert list(progress.tracked("k", 10, 3)) == [0, 3, 6, 9]
    text = progress.sys.stderr.getvalue()
    assert ("Simulando «k»:  90 % (9 de 10 bloques)" in text) == spoken
    assert text == "" or text.endswith(" \r")


def test_progress_is_silent_when_nobody_looks(monkeypatch):
    monkeypatch.setattr(progress, "PATIENCE", -1.0)
    monkeypatch.setattr(progress.sys, "stderr", io.StringIO())
    monkeypatch.delitem(progress.sys.modules, "ipykernel", raising=False)
    list(progress.tracked("k", 10, 3))
    assert progress.sys.stderr.getvalue() == ""


def test_progress_is_silent_on_request(monkeypatch):
    monkeypatch.setattr(progress, "PATIENCE", -1.0)
    monkeypatch.setattr(progress.sys, "stderr", Terminal())
    monkeypatch.setenv(progress.SILENCE, "1")
    list(progress.tracked("k", 10, 3))
    assert progress.sys.stderr.getvalue() == ""


def test_in_a_notebook_progress_is_not_an_error(monkeypatch):
    """Lo que va a stderr queda en JupyterLab como una banda roja, también después de borrarlo."""
    monkeypatch.setattr(progress, "PATIENCE", -1.0)
    monkeypatch.setattr(progress.sys, "stderr", io.StringIO())
    monkeypatch.setattr(progress.sys, "stdout", io.StringIO())
    monkeypatch.setitem(progress.sys.modules, "ipykernel", object())
    monkeypatch.delenv(progress.SILENCE, raising=False)
    list(progress.tracked("k", 10, 3))
    assert progress.sys.stderr.getvalue() == ""
    assert "Simulando «k»" in progress.sys.stdout.getvalue()
