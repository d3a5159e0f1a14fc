"""Del código Python de un kernel a su forma tipada."""
