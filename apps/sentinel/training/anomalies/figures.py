"""The figures of a model on rows it has not learned from, and thresholds from normal rows alone."""
import numpy as np

TAIL = 0.02


def auc(scores: np.ndarray, attack: np.ndarray) -> float:
    """Chance that an attack scores higher than a normal row; ties count half."""
    _, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    rank = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    attacks = int(attack.sum())
    return float((rank[attack].sum() - attacks * (attacks + 1) / 2) / (attacks * (len(scores) - attacks)))


def threshold(normal: np.ndarray, rate: float) -> float:
    """
    The score that a share `rate` of normal rows exceeds. Where there are too few rows for that share, the tail of their
    scores is taken as exponential above its highest two percent.
    """
    if rate * len(normal) >= 5:
        return float(np.quantile(normal, 1 - rate))
    start = np.quantile(normal, 1 - TAIL)
    beyond = normal[normal > start] - start
    mean = float(beyond.mean()) if len(beyond) else 0.0
    return float(max(start + mean * np.log(TAIL / rate), normal.max()))


def figures(scores: np.ndarray, normal: np.ndarray, limit: float) -> dict[str, float]:
    attack = ~normal
    alarm = scores > limit
    found = int((alarm & attack).sum())
    false = int((alarm & normal).sum())
    precision = found / max(found + false, 1)
    recall = found / max(int(attack.sum()), 1)
    measured = {
        "rows": len(scores),
        "normalRows": int(normal.sum()),
        "falseAlarmRate": false / max(int(normal.sum()), 1),
    }
    if attack.any() and normal.any():
        at_one_percent = np.quantile(scores[normal], 0.99)
        measured |= {
            "auc": auc(scores, attack),
            "f1": 2 * precision * recall / max(precision + recall, 1e-12),
            "precision": precision,
            "recall": recall,
            "recallAt1PercentFalseAlarms": float((scores[attack] > at_one_percent).mean()),
        }
    return {name: round(value, 5) for name, value in measured.items()}
