"""`validator`: one pass over the tasks, the service, its rewards, and checking a report of somebody else."""

import argparse
import json
import signal
import sys
from pathlib import Path

from validator import signing
from validator.config import config
from validator.lab import Lab, LabError
from validator.service import Service, serve


def main(arguments: list[str] | None = None) -> int:
    options = argparse.ArgumentParser(prog="validator", description=__doc__)
    commands = options.add_subparsers(dest="command", required=True)
    commands.add_parser("once", help="validate and report what is new, then end")
    commands.add_parser("serve", help="go on looking for tasks; Ctrl-C or SIGTERM ends it")
    commands.add_parser("rewards", help="what the lab has paid")
    verify = commands.add_parser("verify", help="check the signature of a report; ends with 1 when it is not good")
    verify.add_argument("report", type=Path)
    given = options.parse_args(arguments)
    try:
        return run(given)
    except (LabError, PermissionError, ValueError) as error:
        print(f"validator: {error}", file=sys.stderr)
        return 2


def run(given: argparse.Namespace) -> int:
    if given.command == "verify":
        good = signing.verified(json.loads(given.report.read_text(encoding="utf-8")))
        print("good" if good else "not as it was signed")
        return 0 if good else 1
    if given.command == "serve":
        asked: list[int] = []
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda received, _: asked.append(received))
        serve(config(), lambda: bool(asked))
        return 0
    with Lab() as lab:
        service = Service(lab, config())
        print(json.dumps(service.rewards() if given.command == "rewards" else service.once(), indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
