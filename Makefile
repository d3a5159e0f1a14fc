# Una capa fina sobre tareas.py, que hace lo mismo en cualquier sistema:
#     python tareas.py abrir          python tareas.py test
PYTHON ?= python3
TAREA = $(PYTHON) tareas.py

.DEFAULT_GOAL := ayuda
.PHONY: ayuda instalar abrir test libro gpu generar formato fijar limpio

ayuda:     ; @$(TAREA) --help
instalar:  ; @$(TAREA) instalar
abrir:     ; @$(TAREA) abrir $(if $(PUERTO),--puerto $(PUERTO)) $(if $(filter no No NO,$(NAVEGADOR)),--sin-navegador)
test:      ; @$(TAREA) test
libro:     ; @$(TAREA) libro
gpu:       ; @$(TAREA) gpu $(if $(filter si sí,$(CONTINUAR)),--continuar)
generar:   ; @$(TAREA) generar
formato:   ; @$(TAREA) formato
fijar:     ; @$(TAREA) fijar
limpio:    ; @$(TAREA) limpio
