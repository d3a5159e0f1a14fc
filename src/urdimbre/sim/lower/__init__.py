"""De la forma tipada a funciones sobre todos los carriles a la vez."""
