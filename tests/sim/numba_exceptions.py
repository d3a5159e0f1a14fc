"""Qué pruebas de Numba CUDA no pasan en el simulador, y por qué; y cuáles se corren de más.

Un nombre es ``carpeta.archivo.Clase.prueba``, con los comodines de ``fnmatch``.
"""

# Lo que el simulador de Numba se salta y el nuestro hace.
ALSO = (
    "test_cpu_gpu_compat.*", "test_cuda_array_interface.*", "test_cuda_devicerecord.*",
    "test_device_func.*casting",
    "test_enums.*", "test_gufunc.*", "test_gufunc_scalar.*", "test_intrinsics.*", "test_laplace.*",
    "test_libdevice.*", "test_math.*", "test_matmul.*", "test_montecarlo.*", "test_random.*",
    "test_record_dtype.*", "test_reduction.*", "test_sm.*", "test_streams.*", "test_sync.*",
    "test_ufunc.*", "test_vecadd.*", "test_vectorize*.*", "test_warp_ops.*",
)  # fmt: skip

# Cada una tarda de 7 a 20 segundos: solo con URDIMBRE_NUMBA=1.
LONG = (
    "cudapy.test_intrinsics.*.test_issue_9229", "doc_examples.test_random.*.test_ex_3d_grid",
    "doc_examples.test_laplace.*.test_ex_laplace",
)  # fmt: skip

# Abren otro proceso de Python, con el Numba de verdad.
ELSEWHERE = ("cudapy.test_print.*",)

ENGLISH = "Compara el texto en inglés de un mensaje; la clase del error sí es la de Numba."
TYPING = "Espera la clase TypingError de Numba; aquí se rechaza con la nuestra."
MACHINE = "Mira el código de máquina o lo que se compiló: está en urdimbre.compile_report."
TEXT = "Arreglos de texto y de fechas: el dialecto no los tiene."
CARD = "Pregunta por una tarjeta o por su memoria, y aquí no se inventan."
FLAGS = "Comprueba qué opciones rechaza vectorize; aquí se aceptan y no cambian nada."
DRIVER = "Sustituye partes del controlador, o pregunta por ellas."
HOST = "mapped_array y managed_array son aquí arreglos de NumPy, sin dirección simulada."

EXCEPTIONS = {
    "cudadrv.test_context_stack.*.test_context_memory": CARD,
    "cudadrv.test_context_stack.*.test_gpus_current": "Aquí el dispositivo siempre está en uso.",
    "cudadrv.test_cuda_devicerecord.*.test_auto_device": "Mira un atributo interno, gpu_data.",
    "cudadrv.test_cuda_ndarray.*.test_devicearray_contiguous_*": ENGLISH,
    "cudadrv.test_detect.*.test_cuda_detect": ENGLISH,
    "cudadrv.test_host_alloc.*.test_host_alloc_driver": CARD,
    "cudadrv.test_reset_device.*": CARD,
    "cudadrv.test_runtime.TestVisibleDevices.*": CARD,
    "cudadrv.test_streams.*.test_cancelled_future": "Aquí no queda nada pendiente que cancelar.",
    "cudapy.test_atomics.*.test_atomic_add_double_global_3": (
        "Un índice que se unifica a float64: numba-cuda 0.30 rechaza lo mismo entre corchetes."
    ),
    "cudapy.test_const_string.*": TEXT,
    "cudapy.test_constmem.*.test_const_record*": MACHINE,
    "cudapy.test_cooperative_groups.*": MACHINE,
    "cudapy.test_cuda_array_interface.*.test_consume_sync": DRIVER,
    "cudapy.test_cuda_array_interface.*.test_launch_sync*": DRIVER,
    "cudapy.test_cuda_array_interface.*.test_masked_array": ENGLISH,
    "cudapy.test_cuda_array_interface.*.test_negative_strided_copy_to_host": (
        "Copiar al anfitrión una vista con pasos negativos: aquí se puede."
    ),
    "cudapy.test_cuda_array_interface.*.test_ownership": DRIVER,
    "cudapy.test_cuda_array_interface.*.test_produce_*no_stream": HOST,
    "cudapy.test_cuda_array_interface.*.test_produce_managed_stream": HOST,
    "cudapy.test_datetime.*": TEXT,
    "cudapy.test_enums.*.test_compare": "Un IntEnum es su número, y «is» no compara números.",
    "cudapy.test_errors.*": ENGLISH,
    "cudapy.test_exception.*.test_exception": ENGLISH,
    "cudapy.test_exception.*.test_zero_division_error_in_debug": (
        "Pide el FloatingPointError del simulador de Numba; aquí es ZeroDivisionError, como en GPU."
    ),
    "cudapy.test_forall.*.test_forall_negative_work": ENGLISH,
    "cudapy.test_gufunc.*.test_bad_return_type": FLAGS,
    "cudapy.test_gufunc.*.test_duplicated_output": FLAGS,
    "cudapy.test_gufunc.*.test_incorrect_number_of_pos_args": ENGLISH,
    "cudapy.test_gufunc.*.test_inefficient_launch_configuration": (
        "Pide el aviso de Numba sobre mallas pequeñas, que depende de una tarjeta."
    ),
    "cudapy.test_gufunc.*.test_invalid_flags": FLAGS,
    "cudapy.test_gufunc.*.test_nopython_flag": FLAGS,
    "cudapy.test_gufunc.*.test_not_supported_call_from_jit": TYPING,
    "cudapy.test_gufunc_scalar.*.test_gufunc_old_style_scalar_as_array": (
        "Firma antigua, con int32[:] para un número: falta."
    ),
    "cudapy.test_gufunc_scalar.*.test_gufunc_scalar_cast": (
        "Un arreglo del dispositivo de otro tipo se convierte; Numba lo rechaza."
    ),
    "cudapy.test_intrinsics.*_ptx": MACHINE,
    "cudapy.test_intrinsics.*.test_nonliteral_grid*": TYPING,
    "cudapy.test_intrinsics.*.test_selp": MACHINE,
    "cudapy.test_recursion.*": "La recursión: numba-cuda 0.30 tampoco la compila.",
    "cudapy.test_retrieve_autoconverted_arrays.*": "Extensiones de argumentos: son internas.",
    "cudapy.test_sm.*.test_invalid_array_type": TYPING,
    "cudapy.test_sm.*.test_struct_model_type_static": "Tipos propios con la API de extensiones.",
    "cudapy.test_vectorize.*.test_no_transfer_for_device_data": DRIVER,
    "cudapy.test_vectorize_decor.*.test_target_cuda_*": FLAGS,
    "cudapy.test_warp_ops.*.test_independent_scheduling": (
        "Un match con máscara entera dentro de las dos ramas de un «if»."
    ),
}
