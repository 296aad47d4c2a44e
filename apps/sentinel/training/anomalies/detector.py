"""How far a row is from the nearest normal one: scaling, a projection, prototypes. Fitted on normal rows alone."""
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

CATEGORY_WEIGHT = 2.0
SPREAD_MIN = 0.1
REACH = 8.0
#: Where only more than usual counts, how much more still makes a difference.
HIGH_REACH = 50.0
DIMENSIONS = 48


@dataclass(frozen=True)
class Limits:
    """What a model may cost, and how it weighs."""

    prototypes: int = 8_192
    #: Floats of all prototypes together: 1.6 MB.
    floats: int = 400_000
    #: How much another value of a category counts.
    category: float = CATEGORY_WEIGHT


class Numbers(nn.Module):
    """Missing values become the median; columns with a long tail are taken as logarithms."""

    def __init__(self, normal: np.ndarray, linear: np.ndarray) -> None:
        super().__init__()
        middle = np.nan_to_num(np.nanmedian(normal, axis=0)) if len(normal) else np.zeros(normal.shape[1])
        high = np.nan_to_num(np.nanmax(np.abs(normal), axis=0))
        self.register_buffer("middle", torch.tensor(middle, dtype=torch.float32))
        self.register_buffer("long_tail", torch.tensor(((high > 10) & ~linear).astype(np.float32)))

    def forward(self, numbers: torch.Tensor) -> torch.Tensor:
        known = torch.where(torch.isnan(numbers), self.middle, numbers)
        logarithm = torch.sign(known) * torch.log1p(known.abs())
        return known + self.long_tail * (logarithm - known)


class Categories(nn.Module):
    """One place per known value and one for every other; each category is a block of its own."""

    def __init__(self, sizes: list[int]) -> None:
        super().__init__()
        starts = np.concatenate([[0], np.cumsum([size + 1 for size in sizes])])
        self.register_buffer("starts", torch.tensor(starts[:-1], dtype=torch.int64))
        self.register_buffer("ones", torch.eye(int(starts[-1])))

    def forward(self, categories: torch.Tensor) -> torch.Tensor:
        return self.ones[categories.long() + self.starts].sum(1)


class Detector(nn.Module):
    """vector [rows, features] -> distance [rows], squared share of each feature [rows, features]"""

    def __init__(self, fitted: dict[str, np.ndarray]) -> None:
        super().__init__()
        for name, value in fitted.items():
            self.register_buffer(name, torch.tensor(value, dtype=torch.float32))
        self.register_buffer("norms", (self.prototypes**2).sum(1))

    def scaled(self, vector: torch.Tensor) -> torch.Tensor:
        z = (vector - self.mean) * self.scale
        return torch.minimum(torch.maximum(z, self.low), self.high)

    def forward(self, vector: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        z = self.scaled(vector) - self.centre
        projected = z @ self.basis
        gap = self.norms - 2 * F.linear(projected, self.prototypes)
        nearest = self.prototypes[gap.argmin(dim=1)] @ self.basis.T
        shares = (z - nearest) ** 2
        return torch.sqrt(shares.sum(1)), shares


def fit_detector(vector: np.ndarray, shape: dict[str, np.ndarray], limits: Limits) -> Detector:
    """@param shape `category`: which features are of a category, `high`: of which only more than usual counts, `weight`"""
    mean = vector.mean(0)
    scale = np.where(shape["category"], limits.category, shape["weight"] / np.maximum(vector.std(0), SPREAD_MIN))
    reach = np.where(shape["category"], 1e3, np.where(shape["high"], HIGH_REACH, REACH))
    low = np.where(shape["high"], 0.0, -reach)
    z = np.clip((vector - mean) * scale, low, reach)
    centre = z.mean(0)
    z = z - centre
    _, basis = np.linalg.eigh(np.cov(z.T).reshape(len(mean), len(mean)))
    basis = np.ascontiguousarray(basis[:, ::-1][:, :DIMENSIONS])
    projected = z @ basis
    most = min(limits.prototypes, limits.floats // basis.shape[1])
    fitted = {"mean": mean, "scale": scale, "low": low, "high": reach, "centre": centre, "basis": basis}
    return Detector({**fitted, "prototypes": spread(projected, most)})


def spread(points: np.ndarray, most: int) -> np.ndarray:
    """All different points, or so many of them that no other is far from one: each next is the farthest from those before."""
    points = np.unique(points.astype(np.float32).round(4), axis=0)
    if len(points) <= most:
        return points
    norms = (points**2).sum(1)
    at = int(np.argmin(((points - points.mean(0)) ** 2).sum(1)))
    chosen = [at]
    distance = np.full(len(points), np.inf, dtype=np.float32)
    while len(chosen) < most:
        distance = np.minimum(distance, norms - 2 * (points @ points[at]) + norms[at])
        at = int(distance.argmax())
        chosen.append(at)
    return points[chosen]
