"""The training itself, on rows made for the test: it learns, and goes on from its checkpoint."""

import random
from pathlib import Path

import pytest

from flares.train import features, has_ejection, keep, train


def flare(strong: bool, minute: int) -> dict:
    ejection = [{"activityID": f"2017-09-06T12:{minute:02}:00-CME-001"}] if strong else None
    return {
        "classType": "X2.3" if strong else "C1.5",
        "sourceLocation": "S08W33",
        "beginTime": f"2017-09-06T11:{minute:02}Z",
        "endTime": "2017-09-06T12:30Z",
        "linkedEvents": ejection,
    }


def rows() -> list[dict]:
    chance = random.Random(3)
    return [flare(chance.random() < 0.5, n % 60) for n in range(60)]


def test_features_have_their_units() -> None:
    strength, hours, latitude, longitude = features(flare(True, 30))
    assert strength == pytest.approx(-3.638, abs=1e-3)
    assert (hours, latitude, longitude) == pytest.approx((1.0, -8 / 90, 33 / 90))
    assert features({**flare(True, 30), "endTime": None, "sourceLocation": ""})[1:] == [0, 0, 0]
    assert has_ejection(flare(True, 1)) and not has_ejection(flare(False, 1))


def test_it_learns_what_can_be_learned(tmp_path: Path) -> None:
    _, history = train(rows(), 40, tmp_path / "state.pt")
    assert history[-1]["loss"] < history[0]["loss"] / 2
    assert history[-1]["heldOutAccuracy"] == 1


def test_it_goes_on_from_its_checkpoint_as_if_it_had_not_stopped(tmp_path: Path) -> None:
    train(rows(), 5, tmp_path / "state.pt")
    model, history = train(rows(), 10, tmp_path / "state.pt")
    _, at_once = train(rows(), 10, tmp_path / "other.pt")
    assert [entry["epoch"] for entry in history] == list(range(1, 11))
    assert history[-1]["loss"] == pytest.approx(at_once[-1]["loss"], rel=1e-5)
    keep(model, history, tmp_path / "artifacts")
    assert (tmp_path / "artifacts" / "metrics.json").exists()
