"""Recorridos de la forma tipada: qué se funde, qué se mezcla, qué se copia."""
