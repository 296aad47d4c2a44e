"""From a table and its description to a model with its card.

Without classes, rows that are not normal are measured and never learned from.
"""
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

from . import encoding, reconstruction
from .columns import Column, Description, InputProblem, Table, read_description, read_table
from .detector import Categories, Limits, Numbers, fit_detector
from .figures import figures, threshold
from .language import TextFeatures, learn_language
from .model import Features, Model, export, feature_names, feature_shape, run, vectors
from .supervised import learn_classes
from .trained import Trained

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


def split(table: Table, other: Table | None, order: Order, attacks_too: bool) -> Split:
    random = np.random.default_rng(order.seed)
    held = random.random(len(table)) < order.holdout
    calibrate = random.random(len(table)) < (CALIBRATION if other is None else 0)
    calibration = table.rows(~held & table.normal & calibrate) if other is None else other.rows(other.normal)
    found = Split(table.rows(~held & (table.normal | attacks_too) & ~calibrate), calibration, table.rows(held))
    normal = int(found.learn.normal.sum())
    if normal < NORMAL_ROWS_MIN:
        raise InputProblem(
            f"{order.data} leaves {normal} normal rows to learn from: at least {NORMAL_ROWS_MIN} are needed. "
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
    parts = split(read_table(order.data, described), other, order, bool(described.of("class")))
    vocabularies = vocabularies_of(parts.learn, described)
    about = {
        "format": 1,
        "name": described.name,
        "input": {
            "header": described.header,
            "columns": [columns_of_card(c) for c in described.columns],
            "vocabularies": vocabularies,
            "windowBytes": encoding.WINDOW_BYTES,
            "overlapBytes": encoding.OVERLAP_BYTES,
            "firstWindows": encoding.FIRST_WINDOWS,
            "lastWindows": encoding.LAST_WINDOWS,
        },
    }
    if described.of("class"):
        made = learn_classes(parts.learn, parts.calibrate, (order.steps, order.rate), about)
    else:
        made = learn_normal(parts, described, order, about)

    def scored(table: Table) -> np.ndarray:
        encoded = encoding.encode(table, vocabularies, bool(described.of("text")))
        return encoding.worst(run(made.graph, encoded), encoded.row, len(table))

    limits_of = made.thresholds or thresholds(scored(parts.calibrate), order.rate)
    chosen = limits_of[f"{order.rate:g}"]
    card = {
        **about,
        "features": made.features,
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
            **made.said,
            "seconds": round(time.monotonic() - started, 1),
            "versions": {"python": platform.python_version(), "torch": torch.__version__, "onnxruntime": onnxruntime.__version__},
            "notes": order.notes,
        },
        "model": {"file": order.out.name, "bytes": len(made.graph), "sha256": hashlib.sha256(made.graph).hexdigest()},
    }
    order.out.parent.mkdir(parents=True, exist_ok=True)
    order.out.write_bytes(made.graph)
    card_path(order.out).write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n", encoding="utf8")
    return card


def columns_of_card(column: Column) -> dict[str, object]:
    default = {} if column.default is None else {"default": column.default}
    return {"name": column.name, "kind": "label" if column.kind == "class" else column.kind, "normal": list(column.normal), **default}


def thresholds(calibration: np.ndarray, rate: float) -> dict[str, float]:
    return {f"{one:g}": round(threshold(calibration, one), 6) for one in sorted({*RATES, rate}, reverse=True)}


def learn_normal(parts: Split, described: Description, order: Order, about: dict[str, object]) -> Trained:
    """The distance to the nearest normal row."""
    vocabularies = about["input"]["vocabularies"]
    numbers = described.of("number")
    learn = encoding.encode(parts.learn, vocabularies, bool(described.of("text")))
    language, surprise = (None, None)
    if learn.text is not None:
        model, surprise = learn_language(some(learn.text, order.seed), order.steps)
        language = TextFeatures(model)
    features = Features(
        language,
        Numbers(parts.learn.numbers, np.array([c.scale == "linear" for c in numbers])) if numbers else None,
        Categories([len(values) for values in vocabularies]) if vocabularies else None,
    )
    limits = Limits(order.prototypes, category=reconstruction.CATEGORY_WEIGHT if described.rebuild else Limits.category)
    vector = vectors(features, few(learn, order.seed))
    nearest = fit_detector(vector, feature_shape(described, vocabularies), limits)
    detector = reconstruction.NearestAndRebuilt(nearest, reconstruction.learn_reconstruction(vector)) if described.rebuild else nearest
    names = feature_names(described, vocabularies)
    graph = export(Model(features, detector), {**about, "features": names})
    said = {"meanSurprise": None if surprise is None else round(surprise, 4), "prototypes": int(nearest.prototypes.shape[0])}
    return Trained(graph, names, None, said)


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
