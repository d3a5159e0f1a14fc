"""El lado del anfitrión: kernels, lanzamientos, arreglos del dispositivo y ``vectorize``."""
