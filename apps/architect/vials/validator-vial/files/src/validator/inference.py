"""Runs a model on the rows of a dataset, and measures how right it is. A job runs this file alone: it needs numpy and onnxruntime.

The model is ONNX: four features of a solar flare in (strength, duration, latitude, longitude), the probability of a coronal mass
ejection out.
"""

import argparse
import base64
import hashlib
import json
import re
from datetime import datetime
from pathlib import Path

import numpy as np
import onnxruntime

# Watts per square metre at the foot of each class, 0.1 to 0.8 nm (NOAA's classification of solar flares).
CLASS_WATTS = {"A": 1e-8, "B": 1e-7, "C": 1e-6, "M": 1e-5, "X": 1e-4}
METRICS = ("accuracy", "brier")


def features(flare: dict) -> list[float]:
    """Strength (log10 of W/m2, plus 5), duration (hours), latitude and longitude (90 degrees are 1); 0 where it is not known."""
    strength = CLASS_WATTS[flare["classType"][0]] * float(flare["classType"][1:])
    place = re.fullmatch(r"([NS])(\d+)([EW])(\d+)", flare.get("sourceLocation") or "")
    latitude = 0.0 if place is None else float(place[2]) * (1 if place[1] == "N" else -1)
    longitude = 0.0 if place is None else float(place[4]) * (1 if place[3] == "W" else -1)
    hours = 0.0
    if flare["endTime"] is not None:
        begin, end = (datetime.fromisoformat(flare[name].replace("Z", "+00:00")) for name in ("beginTime", "endTime"))
        # Ends that are days late are faults of the catalogue, not long flares.
        hours = min((end - begin).total_seconds() / 3600, 12)
    return [float(np.log10(strength)) + 5, hours, latitude / 90, longitude / 90]


def has_ejection(flare: dict) -> bool:
    return any("-CME-" in event["activityID"] for event in flare.get("linkedEvents") or [])


def measure(rows: list[dict], model: bytes) -> dict:
    """How right the model is: accuracy (share of rows, at a probability of one half) and Brier score (mean squared error)."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    x = np.array([features(row) for row in rows], dtype=np.float32)
    y = np.array([has_ejection(row) for row in rows])
    (answer,) = session.run(None, {session.get_inputs()[0].name: x})
    probability = np.asarray(answer, dtype=np.float64).reshape(-1)
    if probability.shape != y.shape or not np.all((probability >= 0) & (probability <= 1)):
        raise ValueError("the model does not answer one probability a row")
    return {
        "rows": len(rows),
        "accuracy": float(np.mean((probability > 0.5) == y)),
        "brier": float(np.mean((probability - y) ** 2)),
        "modelSha256": hashlib.sha256(model).hexdigest(),
    }


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--rows", type=Path, default=Path("rows.json"))
    options.add_argument("--model", type=Path, default=Path("model.b64"), help="the model as base64")
    given = options.parse_args()
    found = measure(json.loads(given.rows.read_text()), base64.b64decode(given.model.read_text(), validate=True))
    Path("artifacts").mkdir(exist_ok=True)
    Path("artifacts/measured.json").write_text(json.dumps(found, sort_keys=True))
    print(json.dumps(found))


if __name__ == "__main__":
    main()
