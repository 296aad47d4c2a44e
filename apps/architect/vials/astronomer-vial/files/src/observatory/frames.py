"""Frames on the disk: FITS for science, PNG for the eye and for video."""

import io
from pathlib import Path

import numpy as np
from astropy.io import fits
from PIL import Image

from observatory.telescope import Frame


def save_fits(frame: Frame, file: Path) -> Path:
    """Counts as they came, with what the header needs to find the place and time again."""
    header = fits.Header()
    header["EXPTIME"] = (frame.seconds, "seconds")
    header["IMAGETYP"] = "Light Frame" if frame.light else "Dark Frame"
    header["DATE-OBS"] = (frame.begun.rstrip("Z"), "UTC, begin of the exposure")
    header["OBJCTRA"] = (frame.right_ascension_hours * 15, "degrees, as the mount says")
    header["OBJCTDEC"] = (frame.declination_degrees, "degrees, as the mount says")
    kept = frame.pixels.astype(np.int32)
    if not np.array_equal(kept, frame.pixels):
        raise ValueError("the camera gave counts that are no whole numbers of 32 bits: nothing was saved")
    file.parent.mkdir(parents=True, exist_ok=True)
    fits.PrimaryHDU(kept, header).writeto(file, overwrite=True)
    return file


def png(pixels: np.ndarray) -> bytes:
    """Stretched for the eye, from the first to the last percent of the counts: not for measuring."""
    low, high = np.percentile(pixels, (1, 99))
    shown = np.clip((pixels - low) / max(high - low, 1e-9), 0, 1) * 255
    out = io.BytesIO()
    Image.fromarray(shown.astype(np.uint8)).save(out, "PNG")
    return out.getvalue()
