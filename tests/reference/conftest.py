"""Las bibliotecas de arreglos con las que corre cada oráculo."""

import importlib
import importlib.util
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

LIBRARIES = ["numpy", "array_api_strict"]
if importlib.util.find_spec("cupy"):
    LIBRARIES.append(pytest.param("cupy", marks=pytest.mark.gpu))


@pytest.fixture(params=LIBRARIES)
def xp(request):
    """NumPy; una biblioteca con solo lo que dice el estándar; CuPy donde está instalado."""
    module = importlib.import_module(request.param)
    if request.param == "cupy" and not module.cuda.is_available():
        pytest.skip("CuPy está, pero no hay GPU")
    return module
