"""El proceso donde corre el Python de quien entrega: ni ejercicios, ni respuestas, ni corrector.

Nada de este paquete importa las capas que conocen lo esperado; una prueba lo mantiene así.
"""
