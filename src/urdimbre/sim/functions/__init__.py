"""Lo que un kernel puede llamar, una familia por módulo: sus tipos y lo que calcula."""
