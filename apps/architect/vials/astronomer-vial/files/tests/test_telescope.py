"""The telescope's way: found, refused while parked, unparked, pointed, exposed, parked again; each against the simulators."""

import json
import socket
import threading
from pathlib import Path

import numpy as np
import pytest
from alpaca import discovery
from astropy.io import fits

from observatory import command, frames
from observatory.config import config
from observatory.lab import LabError
from observatory.telescope import Observatory, find

# The Orion Nebula, J2000: hours, degrees.
ORION = (5.588, -5.39)
GIVEN = {"address": "", "telescope": 0, "camera": 0, "patience_seconds": 60}


def test_a_night(simulator: str, tmp_path: Path) -> None:
    with Observatory(GIVEN, simulator) as observatory:
        observatory.park()
        with pytest.raises(LabError, match="parked"):
            observatory.slew(*ORION)
        observatory.unpark()
        observatory.slew(*ORION)
        status = observatory.status()
        assert status["rightAscensionHours"] == pytest.approx(ORION[0], abs=0.01)
        assert status["declinationDegrees"] == pytest.approx(ORION[1], abs=0.1)
        assert status["tracking"] and not status["slewing"]
        # A dark frame: stars would be asked of a catalogue that is not on this machine.
        frame = observatory.expose(0.2, light=False)
        assert frame.pixels.shape == (1024, 1024)
        assert frame.pixels.std() > 0
        observatory.park()
        assert observatory.status()["parked"]
    saved = frames.save_fits(frame, tmp_path / "dark.fits")
    with fits.open(saved) as opened:
        assert np.array_equal(opened[0].data, frame.pixels)
        assert opened[0].header["EXPTIME"] == 0.2
        assert opened[0].header["IMAGETYP"] == "Dark Frame"
    assert frames.png(frame.pixels).startswith(b"\x89PNG")


def test_what_cannot_be_is_refused_before_anything_moves(simulator: str) -> None:
    with Observatory(GIVEN, simulator) as observatory, pytest.raises(LabError, match="0 to 24 hours"):
        observatory.slew(25, 0)
    with pytest.raises(LabError, match="telescope:7 not found"), Observatory({**GIVEN, "telescope": 7}, simulator):
        pass


def test_nobody_there_says_where_to_look() -> None:
    with pytest.raises(LabError, match="observatory find"), Observatory(GIVEN, "127.0.0.1:9"):
        pass


def test_it_is_found_by_the_broadcast(simulator: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The simulators do not answer broadcasts, so the test does in their place, on this machine alone."""
    alone = [adapter for adapter in discovery.ifaddr.get_adapters() if adapter.name == "lo"]
    if not alone:
        pytest.skip("this machine has no adapter called lo")
    monkeypatch.setattr(discovery.ifaddr, "get_adapters", lambda: alone)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("0.0.0.0", 0))
        server.settimeout(10)
        monkeypatch.setattr(discovery, "port", server.getsockname()[1])

        def answer() -> None:
            asked, sender = server.recvfrom(64)
            assert asked == b"alpacadiscovery1"
            server.sendto(json.dumps({"AlpacaPort": int(simulator.split(":")[1])}).encode(), sender)

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        (found,) = find(seconds=1)
        thread.join(10)
    assert found["address"] == simulator
    # The simulators have no management API, so what they serve is not told.
    assert found["devices"] == []


def test_the_command(simulator: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    monkeypatch.setattr(command, "FRAMES", tmp_path / "frames")
    monkeypatch.setattr(command, "RESULTS", tmp_path / "results")
    at = ["--address", simulator]
    assert command.main([*at, "unpark"]) == 0
    assert command.main([*at, "series", "0.05", "--count", "2", "--dark"]) == 0
    taken = sorted(file.name for file in (tmp_path / "frames").iterdir())
    assert taken == ["00000.fits", "00000.png", "00001.fits", "00001.png"]
    assert (tmp_path / "results" / "latest.png").exists()
    assert "RA" in (tmp_path / "results" / "status.txt").read_text()
    assert command.main([*at, "park"]) == 0
    capsys.readouterr()
    assert command.main(["--address", "127.0.0.1:9", "status"]) == 1
    assert "No Alpaca server answers at 127.0.0.1:9" in capsys.readouterr().err


def test_the_configuration_is_whole() -> None:
    given = config()
    assert given.telescope["patience_seconds"] > 0
    assert given.imagery["west"] < given.imagery["east"] and given.imagery["south"] < given.imagery["north"]
