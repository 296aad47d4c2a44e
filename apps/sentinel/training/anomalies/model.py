"""The whole model as one graph: features of text, numbers and categories, then the detector. What is exported is what is fitted."""
import io
import json

import numpy as np
import onnx
import onnxruntime
import torch
from torch import nn

from .columns import Description
from .detector import Categories, Detector, Numbers
from .encoding import Encoded
from .language import TEXT_FEATURES, TextFeatures


class Features(nn.Module):
    """The inputs that a description has -> one vector [rows, features], and the surprise of each byte where there is text."""

    def __init__(self, text: TextFeatures | None, numbers: Numbers | None, categories: Categories | None) -> None:
        super().__init__()
        self.text, self.numbers, self.categories = text, numbers, categories

    def forward(self, *inputs: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor | None]:
        given = list(inputs)
        vectors = []
        surprise = None
        if self.text is not None:
            vector, surprise = self.text(given.pop(0))
            vectors.append(vector)
        if self.numbers is not None:
            vectors.append(self.numbers(given.pop(0)))
        if self.categories is not None:
            vectors.append(self.categories(given.pop(0)))
        return torch.cat(vectors, 1), surprise

    def input_names(self) -> list[str]:
        parts = {"text": self.text, "numbers": self.numbers, "categories": self.categories}
        return [name for name, part in parts.items() if part is not None]


class Model(nn.Module):
    def __init__(self, features: Features, detector: Detector) -> None:
        super().__init__()
        self.features, self.detector = features, detector

    def forward(self, *inputs: torch.Tensor) -> tuple[torch.Tensor, ...]:
        vector, surprise = self.features(*inputs)
        distance, shares = self.detector(vector)
        return (distance, shares) if surprise is None else (distance, shares, surprise)


def feature_names(described: Description, vocabularies: list[list[str]]) -> list[str]:
    names = list(TEXT_FEATURES) if described.of("text") else []
    names += [column.name for column in described.of("number")]
    for column, values in zip(described.of("category"), vocabularies):
        names += [f"{column.name} = {value}" for value in values] + [f"{column.name} is new"]
    return names


def feature_shape(described: Description, vocabularies: list[list[str]]) -> dict[str, np.ndarray]:
    """For each feature: is it of text or a category, and is only more than usual of interest."""
    texts = len(TEXT_FEATURES) if described.of("text") else 0
    high = [column.alarm == "high" for column in described.of("number")]
    ones = sum(len(values) + 1 for values in vocabularies)
    return {
        "text": np.array([True] * texts + [False] * (len(high) + ones)),
        "category": np.array([False] * (texts + len(high)) + [True] * ones),
        "weight": np.array([1.0] * texts + [column.weight for column in described.of("number")] + [1.0] * ones),
        "high": np.array([True] * texts + high + [False] * ones),
    }


def vectors(features: Features, encoded: Encoded, batch: int = 1_024) -> np.ndarray:
    found = []
    with torch.no_grad():
        for start in range(0, len(encoded.row), batch):
            feeds = encoded.feeds(slice(start, start + batch))
            found.append(features(*(torch.tensor(feeds[name]) for name in features.input_names()))[0].numpy())
    return np.concatenate(found).astype(np.float64)


def export(model: Model, about: dict[str, object]) -> bytes:
    names = model.features.input_names()
    sizes = {
        "numbers": model.features.numbers.middle.shape[0] if model.features.numbers else 0,
        "categories": model.features.categories.starts.shape[0] if model.features.categories else 0,
    }
    outputs = ["score", "shares", *(["surprise"] if model.features.text else [])]
    return export_graph(model, (names, outputs), sizes, about)


def export_graph(model: nn.Module, names: tuple[list[str], list[str]], sizes: dict[str, int], about: dict[str, object]) -> bytes:
    """@param names inputs and outputs; @param sizes how many numbers and categories a row has"""
    inputs, outputs = names
    examples = {
        "text": torch.ones((2, 12), dtype=torch.int32),
        "numbers": torch.zeros((2, sizes.get("numbers", 0))),
        "categories": torch.zeros((2, sizes.get("categories", 0)), dtype=torch.int32),
    }
    axes = {name: {0: "rows"} for name in [*inputs, *outputs]}
    for name in ("text", "surprise"):
        if name in axes:
            axes[name][1] = "bytes"
    written = io.BytesIO()
    torch.onnx.export(
        model.eval(), tuple(examples[name] for name in inputs), written, input_names=inputs, output_names=outputs,
        dynamic_axes=axes, opset_version=17, dynamo=False, do_constant_folding=False,
    )
    graph = onnx.load_from_string(written.getvalue())
    graph.producer_name, graph.producer_version = "labmesh", ""
    onnx.helper.set_model_props(graph, {"labmesh": json.dumps(about)})
    onnx.checker.check_model(graph)
    return graph.SerializeToString()


def run(model: bytes, encoded: Encoded, batch: int = 512) -> np.ndarray:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    parts = [
        session.run(["score"], encoded.feeds(slice(start, start + batch)))[0] for start in range(0, len(encoded.row), batch)
    ]
    return np.concatenate(parts)
