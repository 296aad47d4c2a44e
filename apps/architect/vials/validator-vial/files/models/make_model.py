"""Writes flares.onnx: does a coronal mass ejection come with a flare? A logistic regression, so small that one can read it.

The weights were fitted by `fit` to the 98 rows of ds_donki-solar-flares-2016-2018 and rounded, so that this file writes the same
bytes everywhere. Needs the package onnx (`pip install -e '.[test]'`).
"""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

# Of strength, duration, latitude, longitude, as inference.features has them; then the constant.
WEIGHTS = (0.35, 0.097, 0.589, 0.001)
CONSTANT = -0.49
DIGITS = 3


def model() -> bytes:
    weights = numpy_helper.from_array(np.array([[w] for w in WEIGHTS], dtype=np.float32), "weights")
    constant = numpy_helper.from_array(np.array([CONSTANT], dtype=np.float32), "constant")
    graph = helper.make_graph(
        [
            helper.make_node("Gemm", ["features", "weights", "constant"], ["logit"]),
            helper.make_node("Sigmoid", ["logit"], ["probability"]),
        ],
        "flares",
        [helper.make_tensor_value_info("features", TensorProto.FLOAT, ["rows", len(WEIGHTS)])],
        [helper.make_tensor_value_info("probability", TensorProto.FLOAT, ["rows", 1])],
        [weights, constant],
    )
    made = helper.make_model(graph, producer_name="flares", opset_imports=[helper.make_opsetid("", 17)])
    made.ir_version = 8
    onnx.checker.check_model(made)
    return made.SerializeToString(deterministic=True)


def fit(x: np.ndarray, y: np.ndarray, ridge: float = 1.0, rounds: int = 50) -> np.ndarray:
    """Weights and constant of a logistic regression, by Newton's method, with a ridge on the weights."""
    wide = np.column_stack([x, np.ones(len(x))])
    penalty = np.diag([*[ridge] * x.shape[1], 0.0])
    weights = np.zeros(wide.shape[1])
    for _ in range(rounds):
        p = 1 / (1 + np.exp(-wide @ weights))
        slope = wide.T @ (p - y) + penalty @ weights
        curve = (wide * (p * (1 - p))[:, None]).T @ wide + penalty
        weights -= np.linalg.solve(curve, slope)
    return np.round(weights, DIGITS)


if __name__ == "__main__":
    target = Path(__file__).with_name("flares.onnx")
    target.write_bytes(model())
    print(target)
