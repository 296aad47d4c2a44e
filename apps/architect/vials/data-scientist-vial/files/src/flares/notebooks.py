"""What the notebooks draw: the curve of a training, from its metrics."""

import matplotlib.pyplot as plt
from matplotlib.figure import Figure


def curve(history: list[dict]) -> Figure:
    figure, axes = plt.subplots(figsize=(6, 4), layout="constrained")
    epochs = [entry["epoch"] for entry in history]
    axes.plot(epochs, [entry["loss"] for entry in history], label="training")
    axes.plot(epochs, [entry["heldOutLoss"] for entry in history], label="held out")
    axes.set_xlabel("epoch")
    axes.set_ylabel("binary cross-entropy, nats")
    axes.legend()
    return figure
