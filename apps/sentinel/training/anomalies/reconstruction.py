"""How badly a row is rebuilt from four numbers by a network that has only rebuilt normal rows; beside the nearest one it smooths."""
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from .detector import Detector

WIDTH = 32
CODE = 4
EPOCHS = 25
BATCH = 256
RATE = 2e-3
#: What another value of a category counts for the nearest row: less than alone, since the other way judges it too.
CATEGORY_WEIGHT = 1.0
#: How far beyond the normal range a value still makes a difference, in ranges.
BELOW, ABOVE = -1.0, 3.0
#: Distances below these are all small: of the nearest row, and of the rebuilt one.
NEAREST_MIN = 0.05
REBUILT_MIN = 0.01


class Reconstruction(nn.Module):
    """vector [rows, features] -> distance to what was rebuilt [rows], its square for each feature [rows, features]"""

    def __init__(self, normal: np.ndarray) -> None:
        super().__init__()
        low, high = normal.min(0), normal.max(0)
        self.register_buffer("low", torch.tensor(low, dtype=torch.float32))
        self.register_buffer("range", torch.tensor(np.where(high > low, high - low, 1), dtype=torch.float32))
        size = normal.shape[1]
        self.network = nn.Sequential(
            nn.Linear(size, WIDTH), nn.ReLU(), nn.Linear(WIDTH, CODE), nn.ReLU(), nn.Linear(CODE, WIDTH), nn.ReLU(), nn.Linear(WIDTH, size)
        )

    def forward(self, vector: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        scaled = torch.clamp((vector - self.low) / self.range, BELOW, ABOVE)
        squares = (self.network(scaled) - scaled) ** 2
        return torch.sqrt(squares.sum(1)), squares


class NearestAndRebuilt(nn.Module):
    """Both distances multiplied: a row is unusual when it is far from each normal one and hard to rebuild."""

    def __init__(self, nearest: Detector, rebuilt: Reconstruction) -> None:
        super().__init__()
        self.nearest, self.rebuilt = nearest, rebuilt

    def forward(self, vector: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        near, near_shares = self.nearest(vector)
        far, far_shares = self.rebuilt(vector)
        score = torch.sqrt((near + NEAREST_MIN) * (far + REBUILT_MIN))
        return score, F.normalize(near_shares, p=1.0, dim=1) + F.normalize(far_shares, p=1.0, dim=1)


def learn_reconstruction(normal: np.ndarray) -> Reconstruction:
    model = Reconstruction(normal)
    rows = torch.tensor(normal, dtype=torch.float32)
    optimizer = torch.optim.Adam(model.parameters(), RATE)
    for _ in range(EPOCHS):
        for part in torch.randperm(len(rows)).split(BATCH):
            loss = model(rows[part])[1].mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    return model.eval()
