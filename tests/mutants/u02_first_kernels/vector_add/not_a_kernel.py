# expect: not_a_kernel
# El nombre no es un kernel.
from numba import cuda

vector_add = 3
