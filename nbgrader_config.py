"""Configuración de nbgrader para este curso.

nbgrader la lee cuando se corre desde la raíz del repositorio. Es Python: cámbiala a tu gusto.
Las carpetas de trabajo y el libro de notas no entran en git (ver ``.gitignore``).
"""

import os
import sys
import warnings
from pathlib import Path

c = get_config()  # noqa: F821  la define nbgrader al leer este archivo

HERE = Path(__file__).resolve().parent
PLUGINS = "urdimbre.grading.nbgrader"

# nbgrader llama a «alembic» por su nombre al crear el libro de notas: así lo encuentra aunque el
# entorno virtual no esté activado.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])

# nbgrader 0.9 provoca estas advertencias de SQLAlchemy en cada calificación. No cambian nada y
# taparían las que sí importan.
warnings.filterwarnings("ignore", message="Object of type <Submitted.*> not in session")

# --- El curso y sus carpetas -----------------------------------------------------------------
c.CourseDirectory.course_id = "urdimbre"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "exercises"
# Junto a cada notebook de solutions/ está el texto de sus soluciones: nunca se copia. De lo que
# entrega un estudiante tampoco se copia código, aunque venga al lado del notebook.
c.CourseDirectory.ignore = [
    ".ipynb_checkpoints",
    "__pycache__",
    "feedback",
    "*.py",
    "*.pyc",
    "*.pth",
    "*.so",
    "*.cfg",
]

# Carpeta de intercambio entre docente y estudiantes. En un servidor compartido, pon aquí (o en la
# variable URDIMBRE_EXCHANGE) una carpeta que todos vean.
c.Exchange.root = os.environ.get("URDIMBRE_EXCHANGE", str(HERE / ".urdimbre" / "exchange"))
c.ExchangeFactory.collect = f"{PLUGINS}.collect.CheckedCollect"
c.ZipCollectApp.downloaded_directory = "downloaded"
c.ZipCollectApp.collector_plugin = f"{PLUGINS}.collect.PlatformCollector"

# --- La versión del estudiante ---------------------------------------------------------------
# exercises/ está en git: se regenera siempre, y sale igual byte por byte.
c.GenerateAssignment.force = True
c.ClearSolutions.code_stub = {"python": "# ESCRIBE TU CÓDIGO AQUÍ\nraise NotImplementedError()"}
c.ClearSolutions.text_stub = "ESCRIBE TU RESPUESTA AQUÍ"

# --- La calificación -------------------------------------------------------------------------
# Ninguna celda del estudiante se ejecuta: el juez lee el texto de sus soluciones en otro proceso.
c.Autograde.pre_convert_hook = f"{PLUGINS}.collect.adopt_renamed"
c.Autograde.exporter_class = f"{PLUGINS}.rebuild.SubmissionExporter"
c.Autograde.sanitize_preprocessors = [
    f"{PLUGINS}.rebuild.RebuildSubmission",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.Autograde.autograde_preprocessors = [
    f"{PLUGINS}.judging.JudgeExercises",
    f"{PLUGINS}.scores.SaveJudgeScores",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.OverwriteCells.add_missing_cells = True
c.OverwriteCells.missing_cell_notification = (
    "Falta esta celda en tu entrega (id: {cell_id}). Se puso de nuevo al calificar.\n\n"
)

# --- La devolución al estudiante y la exportación --------------------------------------------
c.GenerateFeedback.preprocessors = [f"{PLUGINS}.feedback.FeedbackPage"]
c.GenerateFeedback.exporter_class = f"{PLUGINS}.feedback.FeedbackExporter"
c.ExportApp.plugin_class = f"{PLUGINS}.export.SafeCsvExport"

# --- La validación que corre el estudiante ---------------------------------------------------
c.Validator.failed_warning = (
    "Hay {num_failed} celda(s) que no pasan. Si entregas así, no tendrás todos los puntos.\n"
)
c.Validator.passed_warning = "Hay {num_passed} celda(s) que pasan.\n"
c.Validator.changed_warning = (
    "Cambió el texto de {num_changed} celda(s) de comprobación. "
    "Se califica con las originales: puede que lo que ahora pasa no pase después.\n"
)
c.Validator.type_changed_warning = (
    "Cambió el tipo de {num_changed} celda(s). "
    "Se califica con las originales: puede que lo que ahora pasa no pase después.\n"
)
