"""From a table and its description to a model with its card. Rows that are not normal are measured, never learned from."""
import datetime
import hashlib
import json
import platform
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
import torch

from . import encoding
from .columns import Description, InputProblem, Table, read_description, read_table
from .detector import Categories, Limits, Numbers, fit_detector
from .figures import figures, threshold
from .language import TextFeatures, learn_language
from .model import Features, Model, export, feature_names, feature_shape, run, vectors

RATES = (0.01, 0.001, 0.0001)
#: Share of the normal rows that sets the thresholds and is used for nothing else.
CALIBRATION = 0.2
NORMAL_ROWS_MIN = 50
VOCABULARY_MAX = 200
LANGUAGE_WINDOWS_MAX = 20_000
PROTOTYPE_ROWS_MAX = 60_000


@dataclass(frozen=True)
class Order:
    data: Path
    columns: Path
    out: Path
    seed: int = 1
    holdout: float = 1 / 3
    rate: float = 0.01
    steps: int = 6_000
    prototypes: int = 8_192
    date: str | None = None
    notes: str | None = None
    #: Normal rows of another origin that set the thresholds, instead of a part of `data`.
    calibration: Path | None = None


@dataclass(frozen=True)
class Split:
    learn: Table
    calibrate: Table
    held: Table


def split(table: Table, other: Table | None, order: Order) -> Split:
    random = np.random.default_rng(order.seed)
    held = random.random(len(table)) < order.holdout
    calibrate = random.random(len(table)) < (CALIBRATION if other is None else 0)
    usable = ~held & table.normal
    calibration = table.rows(usable & calibrate) if other is None else other.rows(other.normal)
    found = Split(table.rows(usable & ~calibrate), calibration, table.rows(held))
    if len(found.learn) < NORMAL_ROWS_MIN:
        raise InputProblem(
            f"{order.data} leaves {len(found.learn)} normal rows to learn from: at least {NORMAL_ROWS_MIN} are needed. "
            "Check which label values the description calls normal."
        )
    return found


def vocabularies_of(learn: Table, described: Description) -> list[list[str]]:
    found = []
    for at, column in enumerate(described.of("category")):
        values = sorted({row[at] for row in learn.categories})
        if len(values) > VOCABULARY_MAX:
            raise InputProblem(
                f"Column {column.name} has {len(values)} different values: as a category it may have {VOCABULARY_MAX}. "
                "Describe it as text, or ignore it."
            )
        found.append(values)
    return found


def some(text: np.ndarray, seed: int) -> np.ndarray:
    """As many windows as the language can be learned from in bounded memory."""
    chosen = np.random.default_rng(seed).permutation(len(text))[:LANGUAGE_WINDOWS_MAX]
    return text[chosen]


def few(encoded: encoding.Encoded, seed: int) -> encoding.Encoded:
    """As many rows as prototypes can be chosen from in bounded time."""
    chosen = np.random.default_rng(seed).permutation(len(encoded.row))[:PROTOTYPE_ROWS_MAX]

    def cut(values: np.ndarray | None) -> np.ndarray | None:
        return None if values is None else values[chosen]

    return encoding.Encoded(encoded.row[chosen], cut(encoded.text), cut(encoded.numbers), cut(encoded.categories))


def train(order: Order) -> dict[str, object]:
    """@returns the card, which is also written beside the model"""
    started = time.monotonic()
    torch.manual_seed(order.seed)
    torch.set_num_threads(1)
    described = read_description(order.columns)
    other = None if order.calibration is None else read_table(order.calibration, described)
    parts = split(read_table(order.data, described), other, order)
    vocabularies = vocabularies_of(parts.learn, described)
    has_text = bool(described.of("text"))
    numbers = described.of("number")
    learn = encoding.encode(parts.learn, vocabularies, has_text)
    language, surprise = (None, None)
    if learn.text is not None:
        model, surprise = learn_language(some(learn.text, order.seed), order.steps)
        language = TextFeatures(model)
    features = Features(
        language,
        Numbers(parts.learn.numbers, np.array([c.scale == "linear" for c in numbers])) if numbers else None,
        Categories([len(values) for values in vocabularies]) if vocabularies else None,
    )
    limits = Limits(prototypes=order.prototypes)
    detector = fit_detector(vectors(features, few(learn, order.seed)), feature_shape(described, vocabularies), limits)
    about = {
        "format": 1,
        "name": described.name,
        "input": {
            "header": described.header,
            "columns": [{"name": c.name, "kind": c.kind, "normal": list(c.normal)} for c in described.columns],
            "vocabularies": vocabularies,
            "windowBytes": encoding.WINDOW_BYTES,
            "overlapBytes": encoding.OVERLAP_BYTES,
            "firstWindows": encoding.FIRST_WINDOWS,
            "lastWindows": encoding.LAST_WINDOWS,
        },
        "features": feature_names(described, vocabularies),
    }
    graph = export(Model(features, detector), about)

    def scored(table: Table) -> np.ndarray:
        encoded = encoding.encode(table, vocabularies, has_text)
        return encoding.worst(run(graph, encoded), encoded.row, len(table))

    calibration = scored(parts.calibrate)
    limits_of = {f"{rate:g}": round(threshold(calibration, rate), 6) for rate in sorted({*RATES, order.rate}, reverse=True)}
    chosen = limits_of[f"{order.rate:g}"]
    card = {
        **about,
        "threshold": chosen,
        "thresholds": limits_of,
        "figures": figures(scored(parts.held), parts.held.normal, chosen) if len(parts.held) else None,
        "perKind": per_kind(scored, parts.held, chosen),
        "trained": {
            "date": order.date or datetime.date.today().isoformat(),
            "seed": order.seed,
            "data": order.data.name,
            "calibration": None if order.calibration is None else order.calibration.name,
            "dataSha256": hashlib.sha256(order.data.read_bytes()).hexdigest(),
            "learnedRows": len(parts.learn),
            "calibrationRows": len(parts.calibrate),
            "heldOutRows": len(parts.held),
            "falseAlarmRateWanted": order.rate,
            "meanSurprise": None if surprise is None else round(surprise, 4),
            "prototypes": int(detector.prototypes.shape[0]),
            "seconds": round(time.monotonic() - started, 1),
            "versions": {"python": platform.python_version(), "torch": torch.__version__, "onnxruntime": onnxruntime.__version__},
            "notes": order.notes,
        },
        "model": {"file": order.out.name, "bytes": len(graph), "sha256": hashlib.sha256(graph).hexdigest()},
    }
    order.out.parent.mkdir(parents=True, exist_ok=True)
    order.out.write_bytes(graph)
    card_path(order.out).write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n", encoding="utf8")
    return card


def per_kind(scored, held: Table, limit: float) -> dict[str, dict[str, float]]:
    """For each value of the label: how many rows were held out, and what share of them is above the threshold."""
    if not len(held):
        return {}
    scores = scored(held)
    return {
        str(kind): {"rows": int((held.kinds == kind).sum()), "alarms": round(float((scores[held.kinds == kind] > limit).mean()), 5)}
        for kind in sorted(set(held.kinds))
    }


def card_path(model: Path) -> Path:
    return model.with_suffix(".card.json")
