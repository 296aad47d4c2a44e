"""What the tests stand on: a simulated observatory on this machine, and the running lab where there is one."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
import requests

from observatory.lab import Lab, LabError, settings

START_SECONDS = 120


@pytest.fixture
def lab() -> Iterator[Lab]:
    try:
        given = settings()
    except LabError as error:
        pytest.skip(f"no lab: {error}")
    with Lab(given) as connected:
        yield connected


@pytest.fixture(scope="session")
def simulator() -> Iterator[str]:
    """host:port of alpaca-simulators: a telescope, a camera and more, as their drivers would answer."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    program = [sys.executable, "-m", "alpaca_simulators.run_simulator", "--host", "127.0.0.1"]
    # Proxies of the environment are not for this machine.
    environment = {**os.environ, "NO_PROXY": "127.0.0.1"}
    process = subprocess.Popen(
        [*program, "--port", address.split(":")[1], "--config", f"tests-{os.getpid()}.yaml"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        end = time.monotonic() + START_SECONDS
        while not _answers(address):
            assert process.poll() is None, "the simulator has ended"
            assert time.monotonic() < end, "the simulator does not answer"
            time.sleep(0.2)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=10)


def _answers(address: str) -> bool:
    try:
        return requests.get(f"http://{address}/api/v1/telescope/0/name", timeout=2).ok
    except requests.RequestException:
        return False
