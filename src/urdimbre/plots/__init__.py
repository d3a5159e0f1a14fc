"""Figuras dibujadas con la traza de una ejecución.

Cada módulo responde una pregunta: ``launch``, quién es cada hilo; ``access``, qué toca cada uno;
``latency``, quién espera. Todos comparten el aspecto de ``style``.
"""
