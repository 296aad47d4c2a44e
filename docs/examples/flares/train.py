"""Learns from the lab's solar flares whether a coronal mass ejection came with a flare.

Takes the rows of ds_donki-solar-flares-2016-2018 as JSON. Each epoch prints its loss (binary cross-entropy, nats) and leaves a
checkpoint, from which the next attempt goes on; at the end the model, its metrics and their curve are in artifacts/.
Needs torch and matplotlib.
"""

import argparse
import json
import os
import re
import time
from datetime import datetime
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import torch

CHECKPOINT = Path(os.environ.get("LABMESH_CHECKPOINTS", "checkpoints")) / "state.pt"
ARTIFACTS = Path("artifacts")
# Watts per square metre at the foot of each class, 1 to 8 angstrom (NOAA's classification of solar flares).
CLASS_WATTS = {"A": 1e-8, "B": 1e-7, "C": 1e-6, "M": 1e-5, "X": 1e-4}


def features(flare):
    """Strength (log10 of W/m2), duration in hours, latitude and longitude in degrees; 0 where it is not known."""
    strength = CLASS_WATTS[flare["classType"][0]] * float(flare["classType"][1:])
    place = re.fullmatch(r"([NS])(\d+)([EW])(\d+)", flare.get("sourceLocation") or "")
    latitude = 0.0 if place is None else float(place[2]) * (1 if place[1] == "N" else -1)
    longitude = 0.0 if place is None else float(place[4]) * (1 if place[3] == "W" else -1)
    hours = 0.0
    if flare["endTime"] is not None:
        begin, end = (datetime.fromisoformat(flare[name].replace("Z", "+00:00")) for name in ("beginTime", "endTime"))
        hours = (end - begin).total_seconds() / 3600
    return [torch.log10(torch.tensor(strength)).item(), hours, latitude / 90, longitude / 90]


def has_ejection(flare):
    return any("-CME-" in event["activityID"] for event in flare.get("linkedEvents") or [])


def load(path):
    flares = json.loads(Path(path).read_text())
    x = torch.tensor([features(flare) for flare in flares], dtype=torch.float32)
    y = torch.tensor([[float(has_ejection(flare))] for flare in flares])
    return (x - x.mean(0)) / x.std(0).clamp_min(1e-6), y


def save(state, path):
    """Whole or not at all: a checkpoint that was cut off would be worth nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    torch.save(state, part)
    part.replace(path)


def train(x, y, epochs, pause):
    torch.manual_seed(7)
    test = torch.arange(len(x)) % 5 == 0
    model = torch.nn.Sequential(torch.nn.Linear(x.shape[1], 16), torch.nn.Tanh(), torch.nn.Linear(16, 1))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.02, weight_decay=1e-3)
    loss_of = torch.nn.BCEWithLogitsLoss()
    history = []
    if CHECKPOINT.exists():
        state = torch.load(CHECKPOINT, weights_only=True)
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        history = state["history"]
        print(f"goes on after epoch {len(history)}", flush=True)
    for epoch in range(len(history) + 1, epochs + 1):
        optimizer.zero_grad()
        loss = loss_of(model(x[~test]), y[~test])
        loss.backward()
        optimizer.step()
        with torch.no_grad():
            held_out = loss_of(model(x[test]), y[test]).item()
            right = ((model(x[test]) > 0).float() == y[test]).float().mean().item()
        history.append({"epoch": epoch, "loss": loss.item(), "heldOutLoss": held_out, "heldOutAccuracy": right})
        save({"model": model.state_dict(), "optimizer": optimizer.state_dict(), "history": history}, CHECKPOINT)
        print(f"epoch {epoch}/{epochs}  loss {loss.item():.4f}  held out {held_out:.4f}  right {right:.0%}", flush=True)
        time.sleep(pause)
    return model, history


def keep(model, history):
    ARTIFACTS.mkdir(exist_ok=True)
    save(model.state_dict(), ARTIFACTS / "model.pt")
    (ARTIFACTS / "metrics.json").write_text(json.dumps(history, indent=2))
    figure, axes = plt.subplots(figsize=(6, 4), layout="constrained")
    epochs = [entry["epoch"] for entry in history]
    axes.plot(epochs, [entry["loss"] for entry in history], label="training")
    axes.plot(epochs, [entry["heldOutLoss"] for entry in history], label="held out")
    axes.set_xlabel("epoch")
    axes.set_ylabel("binary cross-entropy, nats")
    axes.legend()
    figure.savefig(ARTIFACTS / "metrics.svg")


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--data", default="data/flares.json", help="rows as JSON")
    options.add_argument("--epochs", type=int, default=40)
    options.add_argument("--pause", type=float, default=0.0, help="seconds after each epoch, to watch it")
    given = options.parse_args()
    keep(*train(*load(given.data), given.epochs, given.pause))


if __name__ == "__main__":
    main()
