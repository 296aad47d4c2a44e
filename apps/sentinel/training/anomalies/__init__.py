"""Learns a one-class model from the normal rows of a table and writes it as ONNX with its card. Attacks are only measured."""
