"""Learns a `Classifier` from labelled texts, and the threshold of each kind of field from ordinary ones that it has not seen."""
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch.nn import functional as F

from .classifier import Classifier, Judge, margin
from .columns import Table
from .encoding import Encoded, encode, worst
from .figures import threshold
from .model import export_graph
from .trained import Trained

BATCH = 256
#: Batches whose texts are sorted by length together: a batch is as wide as its longest.
SORTED = 64
RATE_MAX = 3e-3
WEIGHT_DECAY = 0.01


#: The score at which a text is an alarm, in every kind of field.
THRESHOLD = 1.0

#: Alarms among ordinary prose for each among the ordinary texts of other kinds of field, whose rate is given.
PROSE_TIMES = 2.1


@dataclass(frozen=True)
class Labelled:
    """Windows of texts; `row` says whose, `target` is the class of each row, 0 for ordinary."""

    encoded: Encoded
    target: np.ndarray


def learn(learn_from: Labelled, sizes: tuple[int, int], steps: int) -> tuple[Classifier, float]:
    """@param sizes how many classes and kinds of field there are
    @returns the model and its last mean loss"""
    model = Classifier(*sizes)
    optimizer = torch.optim.AdamW(model.parameters(), RATE_MAX, weight_decay=WEIGHT_DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE_MAX, total_steps=steps, pct_start=0.1)
    batches = _batches(learn_from)
    mean = 0.0
    for step in range(steps):
        text, categories, target = next(batches)
        logits, _ = model(text, categories)
        loss = F.cross_entropy(logits, target)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        mean = loss.item() if step == 0 else 0.99 * mean + 0.01 * loss.item()
    return model.eval(), mean


def _batches(labelled: Labelled) -> Iterator[tuple[torch.Tensor, ...]]:
    """Of each text one window, by chance, again and again."""
    text, row = labelled.encoded.text, labelled.encoded.row
    starts = np.flatnonzero(np.diff(row, prepend=-1))
    counts = np.diff(np.append(starts, len(row)))
    chance = np.random.default_rng(1)
    lengths = (text > 0).sum(1)
    while True:
        window = starts + (chance.random(len(starts)) * counts).astype(np.int64)
        order = chance.permutation(len(starts))
        for start in range(0, len(order), BATCH * SORTED):
            part = order[start : start + BATCH * SORTED]
            part = part[np.argsort(lengths[window[part]], kind="stable")]
            batches = [part[at : at + BATCH] for at in range(0, len(part), BATCH)]
            chance.shuffle(batches)
            for rows in batches:
                chosen = window[rows]
                width = int(lengths[chosen].max()) + 1
                yield (
                    torch.tensor(text[chosen, :width].astype(np.int32)),
                    torch.tensor(labelled.encoded.categories[chosen]),
                    torch.tensor(labelled.target[rows]),
                )


def margins(model: Classifier, encoded: Encoded, rows: int, batch: int = 1_024) -> np.ndarray:
    """Of each row, its worst window's."""
    order = np.argsort((encoded.text > 0).sum(1), kind="stable")
    found = np.empty(len(order))
    with torch.no_grad():
        for start in range(0, len(order), batch):
            part = order[start : start + batch]
            width = int((encoded.text[part] > 0).sum(1).max()) + 1
            logits, _ = model(torch.tensor(encoded.text[part, :width].astype(np.int32)), torch.tensor(encoded.categories[part]))
            found[part] = margin(logits).numpy()
    return worst(found, encoded.row, rows)


def offsets(ordinary: np.ndarray, field: np.ndarray, names: list[str], rate: float) -> np.ndarray:
    """The margin above which a text of each kind of field is an alarm; the last is for kinds without a name.

    None of them lets more than a share `rate` of any kind's ordinary texts pass it, but for prose: there an attack is
    looked for, and `PROSE_TIMES` as many may. What is ordinary in the other kinds looks like an attack the most.
    """
    prose = ordinary[field == names.index("prose")] if "prose" in names else ordinary
    each = [threshold(ordinary[field == at], rate) for at in range(len(names)) if (field == at).any()]
    found = np.full(len(names) + 1, max([threshold(ordinary, rate), *each]))
    if "prose" in names:
        found[names.index("prose")] = threshold(prose, PROSE_TIMES * rate)
    return found


def learn_classes(learn_from: Table, calibrate: Table, order: tuple[int, float], about: dict[str, object]) -> Trained:
    """@param order steps of learning, and the share of ordinary texts in each kind of field that may be alarms"""
    steps, rate = order
    [fields] = about["input"]["vocabularies"]
    ordinary = next(kind for kind, normal in zip(learn_from.kinds, learn_from.normal) if normal)
    classes = [ordinary, *sorted(set(learn_from.kinds) - {ordinary})]
    target = np.array([classes.index(kind) for kind in learn_from.kinds])
    model, loss = learn(Labelled(encode(learn_from, [fields], True), target), (len(classes), len(fields) + 1), steps)
    encoded = encode(calibrate, [fields], True)
    first = np.flatnonzero(np.diff(encoded.row, prepend=-1))
    found = offsets(margins(model, encoded, len(calibrate)), encoded.categories[first, 0], fields, rate)
    graph = export_graph(Judge(model, found), (["text", "categories"], ["score", "shares", "surprise"]), {"categories": 1}, {**about, "features": classes[1:]})
    said = {"loss": round(loss, 4), "offsets": {name: round(float(one), 4) for name, one in zip(fields, found)}}
    return Trained(graph, classes[1:], {f"{rate:g}": THRESHOLD}, said)
