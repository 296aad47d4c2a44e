"""NASA and GIBS, through the lab's Curator: it keeps keys, limits and copies, and says where each row is from."""

from dataclasses import dataclass
from typing import Any

from observatory.lab import Lab

CLASS_WATTS = {"A": 1e-8, "B": 1e-7, "C": 1e-6, "M": 1e-5, "X": 1e-4}


@dataclass(frozen=True)
class Picture:
    content: bytes
    media_type: str
    # The address that the Curator asked, without any key.
    request: str
    # A test card of a lab that runs on recorded data, which says so in itself: no picture of anything.
    drawn: bool


def picture_of_the_day(lab: Lab, day: str) -> dict[str, Any]:
    """Title, explanation and address of NASA's Astronomy Picture of a day (YYYY-MM-DD, UTC)."""
    return _rows_of(lab, "nasa-apod", "pictures", day, day)[0]


def flares(lab: Lab, begin: str, end: str) -> list[dict[str, Any]]:
    """Solar flares of DONKI that began in these days (YYYY-MM-DD, UTC)."""
    return _rows_of(lab, "nasa-donki", "flr", begin, end)


def flux(flare: dict[str, Any]) -> float:
    """Peak flux of a flare's GOES class, W/m2 at 0.1 to 0.8 nm: M2.3 is 2.3e-5."""
    return CLASS_WATTS[flare["classType"][0]] * float(flare["classType"][1:])


def gibs_map(lab: Lab, box: dict[str, Any]) -> Picture:
    """A layer of NASA's GIBS, drawn in a box of degrees."""
    asked = {name: value for name, value in box.items() if value != ""}
    said = lab.call("curator_get_imagery", source="nasa-gibs", image="map", parameters={**asked, "format": "png"})
    link = {"url": f"{lab.url}/blobs/{said['blobId']}", "name": "map", "bytes": said["bytes"]}
    return Picture(lab.bytes_of(link), said["mimeType"], said["request"], said.get("drawn", False))


def _rows_of(lab: Lab, source: str, stream: str, begin: str, end: str) -> list[dict[str, Any]]:
    """What the lab does not have of the range is fetched first; later calls have it at once."""
    asked = {"source": source, "stream": stream, "from": begin, "to": end}
    dataset = lab.call("curator_fetch_source", **asked)["dataset"]["datasetId"]
    return lab.rows(dataset, **{"from": begin, "to": end})
