"""How surprising each character of a text is, for a small neural network that has only read normal text."""
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

CONTEXT = 6
HIDDEN = 64
WIDTH = 16
END = 0
START = 1
#: Surprise above this (nats) counts as excess.
EXCESS = 5.0
SPANS = (2, 4, 8, 16)
#: Characters without surprise that each text is taken to have beside its own, so that the mean of a short one says little.
FEW = 12
CLASSES = ("letters", "digits", "spaces", "other alphabets", "marks of prose", "quotes and operators", "brackets", "control characters")
TEXT_FEATURES = tuple(f"number of {name}" for name in CLASSES) + (
    "total surprise",
    "mean surprise",
    "most surprising character",
    *(f"most surprising {span} characters" for span in SPANS),
    "excess surprise",
    "length",
)


def _class(byte: int) -> int:
    char = chr(byte)
    if byte >= 128:
        return 3
    if char.isalpha():
        return 0
    if char.isdigit():
        return 1
    if char in " \t\r\n":
        return 2
    if byte < 32 or byte == 127:
        return 7
    if char in ".,:-_/@?!#%":
        return 4
    return 6 if char in "()[]{}" else 5


def symbols() -> tuple[np.ndarray, np.ndarray]:
    """The symbol of each byte (letters without case, one digit, one for all other alphabets), and the class of each symbol."""
    names: dict[str, int] = {}
    of_byte = np.zeros(256, dtype=np.int64)
    classes = [[0.0] * len(CLASSES)] * 2
    for byte in range(1, 256):
        kind = _class(byte)
        name = {1: "0", 3: "other", 7: "control"}.get(kind, chr(byte).lower())
        if name not in names:
            names[name] = len(names) + 2
            classes.append([float(kind == at) for at in range(len(CLASSES))])
        of_byte[byte] = names[name]
    return of_byte, np.array(classes, dtype=np.float32)


class LanguageModel(nn.Module):
    """The next symbol from the six before it."""

    def __init__(self) -> None:
        super().__init__()
        of_byte, classes = symbols()
        self.size = len(classes)
        self.register_buffer("of_byte", torch.tensor(of_byte))
        self.register_buffer("classes", torch.tensor(classes))
        self.embedding = nn.Embedding(self.size, WIDTH)
        self.hidden = nn.Linear(CONTEXT * WIDTH, HIDDEN)
        self.output = nn.Linear(HIDDEN, self.size)

    def log_probabilities(self, context: torch.Tensor) -> torch.Tensor:
        """context [positions, CONTEXT] -> [positions, symbols]"""
        read = self.embedding(context).flatten(1)
        return F.log_softmax(self.output(F.relu(self.hidden(read))), dim=1)


class TextFeatures(nn.Module):
    """text [rows, bytes] -> features [rows, TEXT_FEATURES] and the surprise of each byte.

    Texts are short, so a score costs what the steps of the graph cost by themselves: there are few of them.
    """

    def __init__(self, model: LanguageModel) -> None:
        super().__init__()
        self.language = model
        self.register_buffer("spans", torch.tensor([[float(at < span) for at in range(SPANS[-1])] for span in (1, *SPANS)]).flip(1).unsqueeze(1))

    def forward(self, text: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        symbol = self.language.of_byte[text]
        places = torch.arange(text.shape[1]).unsqueeze(1) + torch.arange(CONTEXT)
        before = F.pad(symbol, (CONTEXT, 0), value=START)[:, places]
        log_probability = self.language.log_probabilities(before.flatten(0, 1))
        # The end of the text is a symbol too: its place counts, the padding after it does not.
        counted = (before[:, :, CONTEXT - 1] != END).float()
        surprise = -log_probability.gather(1, symbol.view(-1, 1)).view_as(text) * counted
        total = surprise.sum(1, keepdim=True)
        length = counted.sum(1, keepdim=True)
        excess = F.relu(surprise - EXCESS).sum(1, keepdim=True)
        # A span that reaches beyond the end has no more surprise than the last one before it.
        spans = F.conv1d(surprise.unsqueeze(1), self.spans, padding=SPANS[-1] - 1).amax(2)
        features = [
            torch.log1p(torch.cat([self.language.classes[symbol].sum(1), total], 1)),
            total / (length + FEW),
            spans,
            torch.log1p(torch.cat([excess, length], 1)),
        ]
        return torch.cat(features, 1), surprise


def positions(model: LanguageModel, text: np.ndarray) -> tuple[torch.Tensor, torch.Tensor]:
    """Every place of every text as what came before and what comes."""
    symbol = model.of_byte.numpy()[text]
    padded = np.pad(symbol, ((0, 0), (CONTEXT, 0)), constant_values=START)
    counted = np.pad(text > 0, ((0, 0), (1, 0)), constant_values=True)[:, :-1]
    at = np.nonzero(counted)
    context = np.stack([padded[at[0], at[1] + k] for k in range(CONTEXT)], 1)
    return torch.tensor(context.astype(np.int32)), torch.tensor(symbol[at])


def learn_language(text: np.ndarray, steps: int) -> tuple[LanguageModel, float]:
    """@returns the model and its last mean surprise, in nats per symbol"""
    model = LanguageModel()
    context, following = positions(model, text)
    optimizer = torch.optim.AdamW(model.parameters(), 1e-2, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 1e-2, total_steps=steps)
    mean = 0.0
    for step in range(steps):
        batch = torch.randint(len(following), (2_048,))
        loss = F.nll_loss(model.log_probabilities(context[batch]), following[batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        mean = loss.item() if step == 0 else 0.99 * mean + 0.01 * loss.item()
    return model, mean
