"""nbgrader como interfaz; la nota la pone el juez.

``submission`` lee la entrega sin fiarse de ella, ``rebuild`` la pone dentro del notebook publicado,
``judging`` llama al juez, ``scores`` guarda su nota, ``feedback`` la explica, ``export`` y
``collect`` mueven los datos y ``notebooks`` escribe los notebooks de las unidades.
``nbgrader_config.py``, en la raíz, los conecta.
"""
