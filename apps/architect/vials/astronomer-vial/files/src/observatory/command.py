"""`observatory`: what a person does at the telescope, from a terminal. Everything that moves the mount is a command of its own."""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

from observatory import frames, obs, telescope, video
from observatory.config import PROJECT, config
from observatory.hooks import gibs_map, picture_of_the_day
from observatory.lab import Lab, LabError
from observatory.telescope import Frame, Observatory

RESULTS, FRAMES = PROJECT / "results", PROJECT / "frames"


def parser() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="observatory", description=__doc__)
    options.add_argument(
        "--address", default="", help="host:port of the Alpaca server; observatory.toml has it otherwise"
    )
    commands = options.add_subparsers(dest="command", required=True)
    commands.add_parser("find", help="Alpaca servers in your network, and their devices")
    commands.add_parser("status", help="where the telescope points, and whether it is parked")
    commands.add_parser("unpark", help="let the mount move")
    commands.add_parser("park", help="bring the mount to its place of rest")
    slew = commands.add_parser("slew", help="point the telescope")
    slew.add_argument("hours", type=float, help="right ascension, hours")
    slew.add_argument("degrees", type=float, help="declination, degrees")
    for name, words in (("expose", "take one frame"), ("series", "take many")):
        one = commands.add_parser(name, help=words)
        one.add_argument("seconds", type=float)
        one.add_argument("--dark", action="store_true", help="with the shutter closed")
        if name == "series":
            one.add_argument("--count", type=int, default=10)
    make = commands.add_parser("video", help="make a video of frames/*.png, as a job of the lab")
    make.add_argument("--preset", default="timelapse", choices=sorted(video.presets()))
    make.add_argument("--fps", type=int, default=24)
    commands.add_parser("earth", help="the Earth as observatory.toml asks for it, from GIBS, into results/earth.png")
    apod = commands.add_parser("apod", help="NASA's picture of a day")
    apod.add_argument("day", help="YYYY-MM-DD")
    scenes = commands.add_parser("obs", help="write the scene collection for OBS Studio")
    scenes.add_argument("target", type=Path, nargs="?", default=RESULTS / "obs-observatory.json")
    return options


def with_telescope(given: argparse.Namespace) -> None:
    with Observatory(config().telescope, given.address) as observatory:
        actions: dict[str, Callable[[], object]] = {
            "status": lambda: None,
            "unpark": observatory.unpark,
            "park": observatory.park,
            "slew": lambda: observatory.slew(given.hours, given.degrees),
            "expose": lambda: keep(observatory.expose(given.seconds, light=not given.dark), 0),
            "series": lambda: [
                keep(observatory.expose(given.seconds, light=not given.dark), n) for n in range(given.count)
            ],
        }
        actions[given.command]()
        status = observatory.status()
    RESULTS.mkdir(exist_ok=True)
    line = f"RA {status['rightAscensionHours']:.4f} h  Dec {status['declinationDegrees']:.4f} deg"
    (RESULTS / "status.txt").write_text(line + "\n", encoding="utf-8")
    print(json.dumps(status, indent=2))


def keep(frame: Frame, number: int) -> None:
    """As FITS to measure, as PNG to look at, and as the picture that OBS shows."""
    name = f"{number:05}"
    frames.save_fits(frame, FRAMES / f"{name}.fits")
    shown = frames.png(frame.pixels)
    for target in (FRAMES / f"{name}.png", RESULTS / "latest.png"):
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(shown)
    print(f"frames/{name}.fits", file=sys.stderr)


def with_lab(given: argparse.Namespace) -> None:
    RESULTS.mkdir(exist_ok=True)
    with Lab() as lab:
        if given.command == "video":
            taken = [file.read_bytes() for file in sorted(FRAMES.glob("*.png"))]
            print(video.make(lab, config().video, given.preset, taken, given.fps))
        elif given.command == "earth":
            picture = gibs_map(lab, config().imagery)
            (RESULTS / "earth.png").write_bytes(picture.content)
            print("results/earth.png" + (" (a test card: this lab runs on recorded data)" if picture.drawn else ""))
        else:
            print(json.dumps(picture_of_the_day(lab, given.day), indent=2))


def main(arguments: list[str] | None = None) -> int:
    given = parser().parse_args(arguments)
    try:
        if given.command == "find":
            print(json.dumps(telescope.find(), indent=2))
        elif given.command == "obs":
            print(obs.write(given.target))
        elif given.command in ("video", "earth", "apod"):
            with_lab(given)
        else:
            with_telescope(given)
    except LabError as error:
        print(f"observatory: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
