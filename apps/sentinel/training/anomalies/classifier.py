"""Which of several kinds of attack a text is, or none: a small convolutional network over its bytes, for a kind of field."""
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

EMBEDDING = 16
#: Characters that are looked up together, by a hash of them.
GRAM = 5
BUCKETS = 8_192
NARROW = 48
WIDE = 64
KERNEL = 5
STRIDE = 2
HIDDEN = 64
#: Any odd numbers: neighbouring characters must not fall into neighbouring buckets.
MIX = (1, 131, 17_161, 31_337, 65_599)


def symbols() -> np.ndarray:
    """Of each byte: itself below 128; of other alphabets only how long the character is, so that all languages are alike."""
    byte = np.arange(256)
    return np.select([byte < 128, byte < 192, byte < 224, byte < 240], [byte, 128, 129, 130], 131).astype(np.int64)


class Classifier(nn.Module):
    """text [rows, bytes], categories [rows, 1] -> logits [rows, classes], attention [rows, bytes]"""

    def __init__(self, classes: int, fields: int) -> None:
        super().__init__()
        of_byte = symbols()
        self.register_buffer("of_byte", torch.tensor(of_byte))
        self.embedding = nn.Embedding(int(of_byte.max()) + 1, EMBEDDING)
        self.grams = nn.Embedding(BUCKETS, EMBEDDING)
        self.near = nn.Conv1d(EMBEDDING, NARROW, KERNEL, padding=KERNEL // 2)
        self.far = nn.Conv1d(NARROW, WIDE, KERNEL, STRIDE, KERNEL // 2)
        self.wide = nn.Conv1d(WIDE, WIDE, KERNEL, STRIDE, KERNEL // 2)
        self.attention = nn.Linear(WIDE, 1)
        self.fields = nn.Embedding(fields, HIDDEN)
        self.hidden = nn.Linear(3 * WIDE, HIDDEN)
        self.output = nn.Linear(HIDDEN, classes)

    def forward(self, text: torch.Tensor, categories: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        symbol = self.of_byte[text]
        there = (text > 0).float()
        read = (self.embedding(symbol) + self.grams(self._buckets(symbol))) * there.unsqueeze(2)
        near = F.relu(self.near(read.transpose(1, 2)))
        far = F.relu(self.far(near)) * there[:, ::STRIDE].unsqueeze(1)
        kept = there[:, :: STRIDE * STRIDE]
        wide = F.relu(self.wide(far)) * kept.unsqueeze(1)
        weight = torch.softmax(self.attention(wide.transpose(1, 2)).squeeze(2) - 1e4 * (1 - kept), dim=1)
        seen = torch.cat([far.amax(2), wide.amax(2), (wide * weight.unsqueeze(1)).sum(2)], 1)
        hidden = F.relu(self.hidden(seen) + self.fields(categories[:, 0].long()))
        attention = weight.repeat_interleave(STRIDE * STRIDE, dim=1)[:, : text.shape[1]]
        return self.output(hidden), attention

    def _buckets(self, symbol: torch.Tensor) -> torch.Tensor:
        """The last `GRAM` characters up to each, as a number below `BUCKETS`."""
        lower = torch.where((symbol >= 65) & (symbol <= 90), symbol + 32, symbol)
        padded = F.pad(lower, (GRAM - 1, 0))
        places = sum(padded[:, at : at + symbol.shape[1]] * MIX[at] for at in range(GRAM))
        return places % BUCKETS


class Halved(nn.Module):
    """An embedding whose table takes half the room, for the model that is kept."""

    def __init__(self, embedding: nn.Embedding) -> None:
        super().__init__()
        self.register_buffer("table", embedding.weight.detach().half())

    def forward(self, places: torch.Tensor) -> torch.Tensor:
        return self.table[places].float()


class Judge(nn.Module):
    """What a model says: score [rows], share of each kind of attack [rows, kinds], attention [rows, bytes].

    A score of 1 is the threshold in every kind of field: `offsets` are the fields' own, in the units of the logits.
    """

    def __init__(self, classifier: Classifier, offsets: np.ndarray) -> None:
        super().__init__()
        self.classifier = classifier
        self.classifier.grams = Halved(classifier.grams)
        self.register_buffer("offsets", torch.tensor(offsets, dtype=torch.float32))

    def forward(self, text: torch.Tensor, categories: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        logits, attention = self.classifier(text, categories)
        score = F.softplus(margin(logits) - self.offsets[categories[:, 0].long()]) / np.log(2)
        return score, torch.softmax(logits[:, 1:], dim=1), attention


def margin(logits: torch.Tensor) -> torch.Tensor:
    """How much likelier any attack is than the first class, which is no attack."""
    return torch.logsumexp(logits[:, 1:], dim=1) - logits[:, 0]
