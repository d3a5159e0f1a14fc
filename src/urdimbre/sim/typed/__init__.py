"""La forma tipada de un kernel: sus tipos, sus operaciones y sus nodos."""
