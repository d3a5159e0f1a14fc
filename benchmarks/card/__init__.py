"""Las mediciones en una GPU: qué se corre, cómo se comprueba, cómo se mide y cómo se guarda."""
