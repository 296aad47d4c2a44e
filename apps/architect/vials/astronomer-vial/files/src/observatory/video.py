"""Frames into video, by ffmpeg, as a job on the lab's machines: the presets are in ffmpeg/presets.toml."""

import hashlib
import io
import sys
import tarfile
import tomllib
from pathlib import Path
from typing import Any, TextIO

from observatory.config import PROJECT
from observatory.lab import Lab, LabError

# Runs on the worker, by sh: its own ffmpeg goes before one that came as a package.
SCRIPT = """#!/bin/sh
set -eu
tar -xf frames.tar
mkdir -p artifacts
if command -v ffmpeg >/dev/null 2>&1; then program=ffmpeg
else program=$(python -c 'import imageio_ffmpeg; print(imageio_ffmpeg.get_ffmpeg_exe())' 2>/dev/null) || {
  echo 'This worker has no ffmpeg. Install it there (Debian: apt-get install ffmpeg), or put imageio-ffmpeg==0.8.1 into' >&2
  echo '[video] requirements of observatory.toml, and submit the job again.' >&2
  exit 127
}
fi
fps=$1 output=$2
shift 2
exec "$program" -hide_banner -loglevel warning -nostdin -y -framerate "$fps" -i frames/%05d.png "$@" "artifacts/$output"
"""


def presets(file: Path = PROJECT / "ffmpeg" / "presets.toml") -> dict[str, dict[str, Any]]:
    with file.open("rb") as opened:
        return tomllib.load(opened)


def archive(frames: list[bytes]) -> bytes:
    """PNG frames, numbered in their order; the same frames are the same bytes."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for number, frame in enumerate(frames):
            member = tarfile.TarInfo(f"frames/{number:05}.png")
            member.size = len(frame)
            tar.addfile(member, io.BytesIO(frame))
    return out.getvalue()


def submit(lab: Lab, video: dict[str, Any], preset: str, frames: list[bytes], fps: int = 24) -> dict[str, Any]:
    """A job that makes the video; the same frames and preset are the same job. Raises LabError."""
    known = presets()
    if preset not in known:
        raise LabError("invalid_input", f"There is no preset {preset!r}.", f"There are: {', '.join(known)}.")
    if len(frames) < 2:
        raise LabError("invalid_input", "A video needs two frames or more.", "Take some with `observatory series`.")
    chosen, packed = known[preset], archive(frames)
    digest = hashlib.sha256(packed + repr((chosen, fps, video)).encode()).hexdigest()
    asked = {
        "name": f"video: {preset}",
        "script": SCRIPT,
        "arguments": [str(fps), chosen["output"], *chosen["arguments"]],
        "requirements": video["requirements"],
        "resources": {"cpus": video["cpus"], "memoryMb": video["memory_mb"], "wallSeconds": video["wall_seconds"]},
        "submissionId": f"video-{digest[:32]}",
    }
    files = [{"path": "frames.tar", "uploadId": lab.upload("frames.tar", packed)}]
    return lab.call("mechanic_orchestrate_training_job", **asked, files=files)["job"]


def make(
    lab: Lab, video: dict[str, Any], preset: str, frames: list[bytes], fps: int = 24, log: TextIO = sys.stderr
) -> Path:
    """Submits, follows, and brings the video into results/. Raises LabError with the job's own words when it fails."""
    job_id = submit(lab, video, preset, frames, fps)["jobId"]
    said = []
    for text in lab.follow(job_id):
        said.append(text)
        log.write(text)
    job = lab.job(job_id)
    if job["state"] != "succeeded":
        raise LabError(job["state"], f"The video was not made: {job['message']}", "".join(said)[-500:])
    return lab.save_artifacts(job_id, PROJECT / "results")[0]
