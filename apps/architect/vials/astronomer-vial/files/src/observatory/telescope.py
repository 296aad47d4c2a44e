"""A telescope and its camera, over ASCOM Alpaca: found in the network, pointed, parked, exposed.

The protocol is alpyca's, which the ASCOM Initiative keeps. Here every wait has an end, and every refusal says what to do. Nothing
moves a mount that is parked: you unpark it yourself, after you have looked at it.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import requests
from alpaca import discovery, exceptions, management
from alpaca.camera import Camera, CameraStates
from alpaca.exceptions import AlpacaRequestException, ParkedException
from alpaca.telescope import Telescope

from observatory.lab import LabError

POLL_SECONDS = 0.2
# What a driver refuses or fails at, each of its own class.
REFUSALS = tuple(
    kind for name, kind in vars(exceptions).items() if name.endswith("Exception") and isinstance(kind, type)
)
LATE = "Look at the mount; patience_seconds is in observatory.toml."
WHERE = "Write its host:port into [telescope] address of observatory.toml."
HINT = "`observatory find` shows what answers in your network."


def find(seconds: int = 2) -> list[dict[str, Any]]:
    """Alpaca servers that answer a broadcast on UDP 32227, each with its devices. Sees your own network segment only."""
    found = []
    for address in discovery.search_ipv4(numquery=1, timeout=seconds):
        try:
            devices = management.configureddevices(address)
        except (requests.RequestException, *REFUSALS):
            # It answers, but does not tell: some servers have no management API.
            devices = []
        found.append({"address": address, "devices": devices})
    return found


@dataclass(frozen=True)
class Frame:
    """One exposure: pixels as counts (rows, columns), and what a FITS header wants to know of it."""

    pixels: np.ndarray
    seconds: float
    light: bool
    right_ascension_hours: float
    declination_degrees: float
    begun: str


class Observatory:
    """A telescope with a camera: `with Observatory(given) as o: o.unpark(); o.slew(5.59, -5.39); o.expose(10)`."""

    def __init__(self, given: dict[str, Any], address: str = "") -> None:
        self._address = address or given["address"] or _only_one()
        self._patience = float(given["patience_seconds"])
        self._telescope = Telescope(self._address, given["telescope"])
        self._camera = Camera(self._address, given["camera"])

    @property
    def address(self) -> str:
        return self._address

    def __enter__(self) -> "Observatory":
        for device in (self._telescope, self._camera):
            self._ask(lambda device=device: setattr(device, "Connected", True))
        return self

    def __exit__(self, *_: object) -> None:
        """Ends the connection. It does not park: a mount that tracks goes on tracking."""
        for device in (self._camera, self._telescope):
            try:
                device.Connected = False
            except (requests.RequestException, *REFUSALS):
                continue

    def status(self) -> dict[str, Any]:
        telescope, camera = self._telescope, self._camera
        return self._ask(
            lambda: {
                "telescope": telescope.Name,
                "camera": camera.Name,
                "rightAscensionHours": telescope.RightAscension,
                "declinationDegrees": telescope.Declination,
                "tracking": telescope.Tracking,
                "slewing": telescope.Slewing,
                "parked": telescope.AtPark,
            }
        )

    def unpark(self) -> None:
        self._ask(self._telescope.Unpark)
        self._until(lambda: not self._telescope.AtPark, "unpark the mount")

    def park(self) -> None:
        self._ask(self._telescope.Park)
        self._until(lambda: self._telescope.AtPark, "park the mount")

    def slew(self, right_ascension_hours: float, declination_degrees: float) -> None:
        """Points the telescope, tracking, and waits until it is there. The coordinates are of the mount's own equinox."""
        if not (0 <= right_ascension_hours < 24 and -90 <= declination_degrees <= 90):
            raise LabError("invalid_input", "Right ascension is 0 to 24 hours, declination -90 to 90 degrees.")
        telescope = self._telescope

        def begin() -> None:
            telescope.Tracking = True
            telescope.SlewToCoordinatesAsync(right_ascension_hours, declination_degrees)

        self._ask(begin)
        try:
            self._until(lambda: not telescope.Slewing, "slew")
        except BaseException:
            # Whoever gives up, with Ctrl-C too, must not leave a mount that moves.
            telescope.AbortSlew()
            raise

    def expose(self, seconds: float, *, light: bool = True) -> Frame:
        """One exposure. `light=False` keeps the shutter closed: a dark frame."""
        camera, telescope = self._camera, self._telescope
        self._ask(lambda: camera.StartExposure(seconds, light))
        try:
            self._until(lambda: self._is_ready(), "expose", seconds)
        except BaseException:
            if self._ask(lambda: camera.CanAbortExposure):
                self._ask(camera.AbortExposure)
            raise
        # Alpaca gives columns first.
        pixels = np.asarray(self._ask(lambda: camera.ImageArray)).T
        place = self._ask(lambda: (telescope.RightAscension, telescope.Declination))
        return Frame(pixels, seconds, light, *place, self._ask(lambda: camera.LastExposureStartTime))

    def _is_ready(self) -> bool:
        if self._camera.CameraState == CameraStates.cameraError:
            raise LabError(
                "upstream_failed", "The camera failed during the exposure.", "Its own log says why; connect it again."
            )
        return self._camera.ImageReady

    def _ask(self, what: Callable[[], Any]) -> Any:
        try:
            return what()
        except ParkedException as error:
            raise LabError(
                "conflict", "The mount is parked.", "Look whether it may move, then: observatory unpark"
            ) from error
        except requests.RequestException as error:
            raise LabError("unreachable", f"No Alpaca server answers at {self._address}.", HINT) from error
        except AlpacaRequestException as error:
            raise LabError("upstream_failed", f"{self._address} has no such device: {error.message}", HINT) from error
        except REFUSALS as error:
            raise LabError("upstream_failed", f"The driver says: {error}") from error

    def _until(self, done: Callable[[], bool], doing: str, more_seconds: float = 0) -> None:
        end = time.monotonic() + self._patience + more_seconds
        while not self._ask(done):
            if time.monotonic() > end:
                raise LabError(
                    "timeout",
                    f"It took too long to {doing}.",
                    "Look at the mount; patience_seconds is in observatory.toml.",
                )
            time.sleep(POLL_SECONDS)


def _only_one() -> str:
    found = [server["address"] for server in find()]
    if len(found) != 1:
        heard = f"These answer: {', '.join(found)}." if found else "None answers in this network."
        raise LabError(
            "settings",
            f"Which Alpaca server? {heard}",
            "Write its host:port into [telescope] address of observatory.toml.",
        )
    return found[0]
