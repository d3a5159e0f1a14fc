"""Las bibliotecas de arreglos con las que corre cada oráculo."""

import importlib

import pytest


@pytest.fixture(params=["numpy", "array_api_strict", "cupy"])
def xp(request):
    """NumPy; una biblioteca con solo lo que dice el estándar; CuPy donde hay GPU."""
    try:
        module = importlib.import_module(request.param)
    except ImportError:
        pytest.skip(f"{request.param} no está instalado")
    if request.param == "cupy" and not module.cuda.is_available():
        pytest.skip("CuPy está, pero no hay GPU")
    return module
