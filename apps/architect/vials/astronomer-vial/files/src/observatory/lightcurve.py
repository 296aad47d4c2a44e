"""Light curves: the Sun's in X-rays, from its flares, and what period is in a curve."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
from astropy.timeseries import LombScargle

from observatory.hooks import flux

DAY_SECONDS = 86_400


@dataclass(frozen=True)
class LightCurve:
    """Times in days since `begin`; flux in W/m2."""

    begin: datetime
    days: np.ndarray
    flux: np.ndarray


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(UTC)


def of_flares(rows: list[dict[str, Any]], begin: str, end: str, step_minutes: int = 10) -> LightCurve:
    """The flares' own light: each rises in a line from its begin to its peak, and falls likewise to its end.

    DONKI lists notable flares, not the Sun's steady light, so between them there is none here. A flare whose times cannot be (no
    end, or a peak outside of it) is left out.
    """
    first, last = instant(f"{begin}T00:00:00Z"), instant(f"{end}T00:00:00Z")
    days = np.arange(0, (last - first).total_seconds() / DAY_SECONDS, step_minutes / 1_440)
    curve = np.zeros_like(days)
    for flare in rows:
        times = [flare["beginTime"], flare["peakTime"], flare["endTime"]]
        if None in times:
            continue
        rise, peak, fall = ((instant(text) - first).total_seconds() / DAY_SECONDS for text in times)
        if not (rise <= peak <= fall and fall - rise < 1):
            continue
        curve += np.interp(days, [rise, peak, fall], [0, flux(flare), 0], left=0, right=0)
    return LightCurve(first, days, curve)


def period(days: np.ndarray, values: np.ndarray, least: float, most: float) -> tuple[float, np.ndarray, np.ndarray]:
    """The period (days) of the strongest wave between two, and the periodogram (periods, power 0 to 1), by Lomb and Scargle."""
    frequencies = np.linspace(1 / most, 1 / least, 5_000)
    power = LombScargle(days, values).power(frequencies)
    return float(1 / frequencies[np.argmax(power)]), 1 / frequencies, power
