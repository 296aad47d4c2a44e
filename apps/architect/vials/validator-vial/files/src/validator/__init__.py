"""Checks what is claimed of models, signs what it finds, and reports it to the lab."""
