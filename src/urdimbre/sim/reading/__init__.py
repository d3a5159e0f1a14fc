"""Cargar kernels de un texto, sin ejecutarlo."""
