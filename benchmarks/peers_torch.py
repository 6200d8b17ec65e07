"""PyTorch as a user would write it: ``torch.nn`` one seed at a time, and a loop over steps with the seeds stacked."""

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from benchmarks.comparison import REFERENCE
from benchmarks.problem import BETA1, BETA2, CLIP, EPSILON, RATE, Problem, common

torch.set_num_threads(1)
torch.set_num_interop_threads(1)

Array = NDArray[Any]
MODULES = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}


def adam(parameters: list[Tensor]) -> torch.optim.Adam:
    """Return torch's fastest Adam on a CPU."""
    return torch.optim.Adam(parameters, lr=RATE, betas=(BETA1, BETA2), eps=EPSILON, fused=True)


class Model(nn.Module):
    """A recurrent module and its readout; inputs are time first, torch's own layout."""

    def __init__(self, problem: Problem) -> None:
        """Build both."""
        super().__init__()
        s = problem.setting
        self.every = s.at == "every"
        self.cell = MODULES[s.cell](s.inputs, s.hidden)
        self.readout = nn.Linear(s.hidden, s.outputs)

    def forward(self, x: Tensor) -> Tensor:
        """(T, B, D) to (B, K), or (T, B, K) with a loss at every step."""
        h, _ = self.cell(x)
        return self.readout(h if self.every else h[-1])


class TorchModules:
    """``torch.nn.RNN``, ``LSTM`` or ``GRU``, one seed after the other; fused Adam, clipping without a read-back."""

    name = REFERENCE

    def __init__(self, problem: Problem) -> None:
        """Make one model and optimiser a seed, with our weights."""
        s = problem.setting
        self.cell, self.hidden = s.cell, s.hidden
        p = common(s.cell, s.hidden, problem.weights.named)
        self.models = [
            self._model(problem, {name: array[seed] for name, array in p.items()}) for seed in range(s.seeds)
        ]
        self.optimisers = [adam(list(model.parameters())) for model in self.models]
        self.batches = []
        for x, y in zip(problem.batch.x, problem.batch.y, strict=True):
            y = y.swapaxes(0, 1) if s.at == "every" else y
            self.batches.append((torch.from_numpy(x.swapaxes(0, 1).copy()), torch.from_numpy(y.copy())))

    def step(self) -> None:
        """Take one training step of every seed."""
        for model, optimiser, (x, y) in zip(self.models, self.optimisers, self.batches, strict=True):
            optimiser.zero_grad()
            nn.functional.mse_loss(model(x), y).backward()
            nn.utils.clip_grad_norm_(model.parameters(), CLIP, foreach=True)
            optimiser.step()

    def gradient(self) -> dict[str, Array]:
        """Return the gradient before clipping, under common names."""
        seeds = []
        for model, (x, y) in zip(self.models, self.batches, strict=True):
            model.zero_grad()
            nn.functional.mse_loss(model(x), y).backward()
            grad = {name: parameter.grad.numpy() for name, parameter in model.named_parameters()}
            seed = {
                "W_hh": self._reordered(grad["cell.weight_hh_l0"].T),
                "W_xh": self._reordered(grad["cell.weight_ih_l0"].T),
                "b": self._reordered(grad["cell.bias_ih_l0"]),
                "W_ho": grad["readout.weight"].T,
                "b_o": grad["readout.bias"],
            }
            seeds.append(seed | ({"b_a": grad["cell.bias_hh_l0"][2 * self.hidden :]} if self.cell == "gru" else {}))
        return {name: np.stack([seed[name] for seed in seeds]) for name in seeds[0]}

    def _model(self, problem: Problem, p: dict[str, Array]) -> Model:
        """Return a model with our weights; torch's second bias is zero but for the one inside the GRU's reset gate."""
        model = Model(problem)
        second = np.zeros_like(p["b"])
        if "b_a" in p:
            second[2 * self.hidden :] = p["b_a"]
        state = {
            "cell.weight_hh_l0": self._reordered(p["W_hh"]).T,
            "cell.weight_ih_l0": self._reordered(p["W_xh"]).T,
            "cell.bias_ih_l0": self._reordered(p["b"]),
            "cell.bias_hh_l0": second,
            "readout.weight": p["W_ho"].T,
            "readout.bias": p["b_o"],
        }
        model.load_state_dict({name: torch.from_numpy(np.ascontiguousarray(array)) for name, array in state.items()})
        return model

    def _reordered(self, columns: Array) -> Array:
        """Swap the LSTM's last two blocks: i, f, o, g here, i, f, g, o in torch."""
        if self.cell != "lstm":
            return columns
        i, f, third, fourth = np.split(columns, 4, axis=-1)
        return np.concatenate([i, f, fourth, third], axis=-1)


class TorchStacked:
    """All seeds in one batched product a step, differentiated by torch's autograd."""

    name = "torch stacked"

    def __init__(self, problem: Problem) -> None:
        """Copy the weights."""
        s = problem.setting
        self.setting = s
        p = common(s.cell, s.hidden, problem.weights.named)
        self.p = {name: torch.tensor(np.ascontiguousarray(array), requires_grad=True) for name, array in p.items()}
        self.optimiser = adam(list(self.p.values()))
        x, y = problem.batch.x.swapaxes(1, 2), problem.batch.y
        self.x = torch.from_numpy(x.reshape(s.seeds, s.steps * s.batch, s.inputs).copy())
        y = y.swapaxes(1, 2).reshape(s.seeds, -1, s.outputs) if s.at == "every" else y
        self.y = torch.from_numpy(y.copy())

    def loss(self) -> Tensor:
        """Return the sum of the seeds' losses, whose gradients do not mix."""
        s, p = self.setting, self.p
        drive = torch.baddbmm(p["b"][:, None], self.x, p["W_xh"]).view(s.seeds, s.steps, s.batch, -1).unbind(1)
        h = torch.zeros(s.seeds, s.batch, s.hidden)
        states = {"rnn": vanilla, "lstm": lstm, "gru": gru}[s.cell](p, drive, h)
        rows = torch.stack(states, dim=1).flatten(1, 2) if s.at == "every" else states[-1]
        o = torch.baddbmm(p["b_o"][:, None], rows, p["W_ho"])
        return (o - self.y).square().mean(dim=(1, 2)).sum()

    def step(self) -> None:
        """Take one training step of all seeds; each seed's gradient is clipped on its own."""
        self.optimiser.zero_grad()
        self.loss().backward()
        grads = [parameter.grad for parameter in self.p.values()]
        norm = torch.stack([grad.flatten(1).square().sum(1) for grad in grads]).sum(0).sqrt()
        scale = (CLIP / norm).clamp(max=1)
        for grad in grads:
            grad.mul_(scale.view(-1, *[1] * (grad.dim() - 1)))
        self.optimiser.step()

    def gradient(self) -> dict[str, Array]:
        """Return the gradient before clipping, under common names."""
        self.optimiser.zero_grad()
        self.loss().backward()
        return {name: parameter.grad.numpy().copy() for name, parameter in self.p.items()}


def vanilla(p: dict[str, Tensor], drive: tuple[Tensor, ...], h: Tensor) -> list[Tensor]:
    """h = tanh(z)."""
    states = []
    for z in drive:
        h = torch.baddbmm(z, h, p["W_hh"]).tanh()
        states.append(h)
    return states


def lstm(p: dict[str, Tensor], drive: tuple[Tensor, ...], h: Tensor) -> list[Tensor]:
    """One sigmoid for the gates i, f, o."""
    size, states, c = h.shape[-1], [], torch.zeros_like(h)
    for z in drive:
        z = torch.baddbmm(z, h, p["W_hh"])
        i, f, o = z[..., : 3 * size].sigmoid().chunk(3, dim=-1)
        c = torch.addcmul(f * c, i, z[..., 3 * size :].tanh())
        h = o * c.tanh()
        states.append(h)
    return states


def gru(p: dict[str, Tensor], drive: tuple[Tensor, ...], h: Tensor) -> list[Tensor]:
    """One product for all gates, the candidate's bias inside the reset gate."""
    size, states = h.shape[-1], []
    bias = torch.cat([torch.zeros_like(p["b"][:, : 2 * size]), p["b_a"]], dim=1)[:, None]
    for z in drive:
        a = torch.baddbmm(bias, h, p["W_hh"])
        r, u = (z[..., : 2 * size] + a[..., : 2 * size]).sigmoid().chunk(2, dim=-1)
        n = torch.addcmul(z[..., 2 * size :], r, a[..., 2 * size :]).tanh()
        h = torch.lerp(n, h, u)
        states.append(h)
    return states
