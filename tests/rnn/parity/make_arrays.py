"""Write ``pytorch.npz``: what PyTorch's recurrent layers compute, frozen for ``test_pytorch.py``.

Run by hand where PyTorch is installed (it is no dependency of the project), from this folder:

    python make_arrays.py

Weights, inputs and initial states are drawn once per layer, in float64. The scalar that is differentiated is a random
projection of every output and of the last state, so that no gradient is zero. ``masked`` runs have sequences of unequal
lengths, as packed sequences.
"""

from pathlib import Path

import numpy as np
import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

SEED = 20260415
D, H, T, B = 2, 3, 5, 3
LENGTHS = [5, 2, 4]
LAYERS = {
    "rnn-tanh": lambda: torch.nn.RNN(D, H, nonlinearity="tanh", batch_first=True),
    "rnn-relu": lambda: torch.nn.RNN(D, H, nonlinearity="relu", batch_first=True),
    "lstm": lambda: torch.nn.LSTM(D, H, batch_first=True),
    "gru": lambda: torch.nn.GRU(D, H, batch_first=True),
}
FILE = Path(__file__).with_name("pytorch.npz")


def run(
    layer: torch.nn.RNNBase, x: torch.Tensor, state: list[torch.Tensor], lengths: list[int]
) -> dict[str, np.ndarray]:
    """Return outputs, last state, projections and all gradients of one layer."""
    initial = state[0] if len(state) == 1 else tuple(state)
    packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
    output, last = layer(packed, initial)
    output, _ = pad_packed_sequence(output, batch_first=True, total_length=T)
    last = [last] if len(state) == 1 else list(last)
    d_output = torch.randn_like(output)
    d_last = [torch.randn_like(part) for part in last]
    loss = (output * d_output).sum() + sum((part * d).sum() for part, d in zip(last, d_last, strict=True))
    inputs = {"x": x} | {f"state_{i}": part for i, part in enumerate(state)} | dict(layer.named_parameters())
    gradients = torch.autograd.grad(loss, list(inputs.values()))
    arrays = {"output": output, "d_output": d_output}
    arrays |= {f"last_{i}": part for i, part in enumerate(last)} | {f"d_last_{i}": d for i, d in enumerate(d_last)}
    arrays |= {f"grad_{name}": gradient for name, gradient in zip(inputs, gradients, strict=True)}
    return {name: array.detach().numpy() for name, array in arrays.items()}


def main() -> None:
    """Draw, run, write."""
    torch.manual_seed(SEED)
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)
    arrays: dict[str, np.ndarray] = {
        "pytorch": np.array(torch.__version__),
        "seed": np.array(SEED),
        "lengths": np.array(LENGTHS),
    }
    for name, make in LAYERS.items():
        layer = make()
        for parameter in layer.parameters():
            torch.nn.init.normal_(parameter, std=0.7)
        x = torch.randn(B, T, D, requires_grad=True)
        parts = 2 if name == "lstm" else 1
        state = [(0.5 * torch.randn(1, B, H)).requires_grad_() for _ in range(parts)]
        drawn = {"x": x} | {f"state_{i}": part for i, part in enumerate(state)} | dict(layer.named_parameters())
        arrays |= {f"{name}/{key}": array.detach().numpy() for key, array in drawn.items()}
        for case, lengths in (("full", [T] * B), ("masked", LENGTHS)):
            arrays |= {f"{name}/{case}/{key}": array for key, array in run(layer, x, state, lengths).items()}
    np.savez_compressed(FILE, **arrays)


if __name__ == "__main__":
    main()
