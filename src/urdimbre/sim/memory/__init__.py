"""Los espacios de memoria, y quién lee y escribe en ellos."""
