"""Learns from the lab's solar flares whether a coronal mass ejection came with a flare.

Takes the rows of ds_donki-solar-flares-2016-2018. Each epoch prints its loss (binary cross-entropy, nats) and leaves a checkpoint,
from which the next attempt goes on; at the end the model and its metrics are in artifacts/. The notebooks import this file, and a
job runs it alone: it needs torch and numpy, and nothing else of this project.
"""

import argparse
import json
import os
import re
from datetime import datetime
from pathlib import Path

import torch

# Watts per square metre at the foot of each class, 1 to 8 angstrom (NOAA's classification of solar flares).
CLASS_WATTS = {"A": 1e-8, "B": 1e-7, "C": 1e-6, "M": 1e-5, "X": 1e-4}


def device() -> torch.device:
    """CUDA where there is some, else the CPU."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def features(flare: dict) -> list[float]:
    """Strength (log10 of W/m2), duration (hours), latitude and longitude (90 degrees are 1); 0 where it is not known."""
    strength = CLASS_WATTS[flare["classType"][0]] * float(flare["classType"][1:])
    place = re.fullmatch(r"([NS])(\d+)([EW])(\d+)", flare.get("sourceLocation") or "")
    latitude = 0.0 if place is None else float(place[2]) * (1 if place[1] == "N" else -1)
    longitude = 0.0 if place is None else float(place[4]) * (1 if place[3] == "W" else -1)
    hours = 0.0
    if flare["endTime"] is not None:
        begin, end = (datetime.fromisoformat(flare[name].replace("Z", "+00:00")) for name in ("beginTime", "endTime"))
        hours = (end - begin).total_seconds() / 3600
    return [torch.log10(torch.tensor(strength)).item(), hours, latitude / 90, longitude / 90]


def has_ejection(flare: dict) -> bool:
    return any("-CME-" in event["activityID"] for event in flare.get("linkedEvents") or [])


def tensors(flares: list[dict]) -> tuple[torch.Tensor, torch.Tensor]:
    """Features, each scaled to mean 0 and deviation 1, and labels (1: an ejection came with it)."""
    x = torch.tensor([features(flare) for flare in flares], dtype=torch.float32)
    y = torch.tensor([[float(has_ejection(flare))] for flare in flares])
    return (x - x.mean(0)) / x.std(0).clamp_min(1e-6), y


def network(inputs: int) -> torch.nn.Module:
    return torch.nn.Sequential(torch.nn.Linear(inputs, 16), torch.nn.Tanh(), torch.nn.Linear(16, 1))


def save(state: dict, path: Path) -> None:
    """Whole or not at all: a checkpoint that was cut off would be worth nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    torch.save(state, part)
    part.replace(path)


def train(flares: list[dict], epochs: int, checkpoint: Path) -> tuple[torch.nn.Module, list[dict]]:
    """Trains on four fifths of the rows, from the checkpoint on if there is one. The history has an entry for each epoch."""
    torch.manual_seed(7)
    place = device()
    x, y = (tensor.to(place) for tensor in tensors(flares))
    held_out = torch.arange(len(x), device=place) % 5 == 0
    model = network(x.shape[1]).to(place)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.02, weight_decay=1e-3)
    loss_of = torch.nn.BCEWithLogitsLoss()
    history: list[dict] = []
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True, map_location=place)
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        history = state["history"]
        print(f"goes on after epoch {len(history)}", flush=True)
    for epoch in range(len(history) + 1, epochs + 1):
        optimizer.zero_grad()
        loss = loss_of(model(x[~held_out]), y[~held_out])
        loss.backward()
        optimizer.step()
        with torch.no_grad():
            logits = model(x[held_out])
            test_loss = loss_of(logits, y[held_out]).item()
            right = ((logits > 0).float() == y[held_out]).float().mean().item()
        history.append({"epoch": epoch, "loss": loss.item(), "heldOutLoss": test_loss, "heldOutAccuracy": right})
        save({"model": model.state_dict(), "optimizer": optimizer.state_dict(), "history": history}, checkpoint)
        print(
            f"epoch {epoch}/{epochs}  loss {loss.item():.4f}  held out {test_loss:.4f}  right {right:.0%}", flush=True
        )
    return model, history


def keep(model: torch.nn.Module, history: list[dict], folder: Path) -> None:
    save(model.state_dict(), folder / "model.pt")
    (folder / "metrics.json").write_text(json.dumps(history, indent=2))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--data", type=Path, default=Path("data/flares.json"), help="rows as JSON")
    options.add_argument("--epochs", type=int, default=40)
    given = options.parse_args()
    checkpoint = Path(os.environ.get("LABMESH_CHECKPOINTS", "checkpoints")) / "state.pt"
    print(f"on {device()}", flush=True)
    keep(*train(json.loads(given.data.read_text()), given.epochs, checkpoint), Path("artifacts"))


if __name__ == "__main__":
    main()
