"""El curso como objeto: sus capítulos, su libro, sus notebooks y cómo se abre.

``chapters`` lee el índice, ``myst`` pasa un capítulo a Markdown corriente, ``notebooks`` genera
``notebooks/``, ``book`` construye el libro y ``lab`` abre JupyterLab.
"""
