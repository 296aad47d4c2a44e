"""Light curves, scenes and presets, without a lab: what they are made of is as it should be."""

import json
import shutil
import subprocess
import tomllib
from pathlib import Path

import numpy as np
import pytest

from observatory import obs, video
from observatory.config import PROJECT
from observatory.hooks import flux
from observatory.lightcurve import of_flares, period

FLARE = {
    "classType": "X2.0",
    "beginTime": "2017-09-02T00:00Z",
    "peakTime": "2017-09-02T01:00Z",
    "endTime": "2017-09-02T03:00Z",
}


def test_a_flare_rises_and_falls() -> None:
    assert flux(FLARE) == pytest.approx(2e-4)
    curve = of_flares([FLARE], "2017-09-01", "2017-09-04")
    assert curve.flux.max() == pytest.approx(2e-4)
    assert curve.days[np.argmax(curve.flux)] == pytest.approx(1 + 1 / 24)
    half = np.interp(1 + 2 / 24, curve.days, curve.flux)
    assert half == pytest.approx(1e-4)


@pytest.mark.parametrize(
    "odd", [{"endTime": None}, {"peakTime": "2015-09-02T01:00Z"}, {"endTime": "2019-09-02T03:00Z"}]
)
def test_times_that_cannot_be_are_left_out(odd: dict) -> None:
    assert of_flares([{**FLARE, **odd}], "2017-09-01", "2017-09-04").flux.max() == 0


def test_a_period_is_found_among_noise() -> None:
    chance = np.random.default_rng(5)
    days = np.sort(chance.uniform(0, 400, 300))
    values = np.sin(2 * np.pi * days / 13.7) + chance.normal(0, 0.8, days.size)
    best, _, power = period(days, values, 5, 60)
    assert best == pytest.approx(13.7, abs=0.2)
    assert power.max() > 0.3


def test_the_scene_collection_has_the_form_of_obs(tmp_path: Path) -> None:
    collection = json.loads(obs.write(tmp_path / "scenes.json").read_text())
    by_name = {source["name"]: source for source in collection["sources"]}
    ids = [source["uuid"] for source in collection["sources"]]
    assert len(by_name) == len(collection["sources"]) == len(set(ids))
    scenes = {name for name, source in by_name.items() if source["id"] == "scene"}
    assert {entry["name"] for entry in collection["scene_order"]} == scenes
    assert collection["current_scene"] in scenes and collection["current_program_scene"] in scenes
    for name in scenes:
        settings = by_name[name]["settings"]
        assert settings["id_counter"] >= max(item["id"] for item in settings["items"])
        for item in settings["items"]:
            assert by_name[item["name"]]["uuid"] == item["source_uuid"]
    files = [by_name["Latest frame"]["settings"]["file"], by_name["Timelapse"]["settings"]["local_file"]]
    assert all(Path(file).is_absolute() and Path(file).is_relative_to(PROJECT) for file in files)


def test_presets_say_what_they_make() -> None:
    presets = tomllib.loads((PROJECT / "ffmpeg" / "presets.toml").read_text())
    assert set(presets) == {"timelapse", "preview", "star-trails"}
    for preset in presets.values():
        assert preset["title"] and "/" not in preset["output"] and preset["arguments"]


def test_an_archive_is_the_same_for_the_same_frames() -> None:
    assert video.archive([b"a", b"b"]) == video.archive([b"a", b"b"]) != video.archive([b"b", b"a"])


def test_without_ffmpeg_the_script_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "frames.tar").write_bytes(video.archive([b"a", b"b"]))
    (tmp_path / "job.sh").write_text(video.SCRIPT)
    # Programs that the script needs, and no ffmpeg and no python.
    (tmp_path / "bin").mkdir()
    for program in ("tar", "mkdir", "sh"):
        (tmp_path / "bin" / program).symlink_to(shutil.which(program) or "")
    ended = subprocess.run(
        [str(tmp_path / "bin" / "sh"), "job.sh", "24", "timelapse.mp4"],
        cwd=tmp_path,
        env={"PATH": str(tmp_path / "bin")},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert ended.returncode == 127
    assert "This worker has no ffmpeg" in ended.stderr and "imageio-ffmpeg" in ended.stderr
