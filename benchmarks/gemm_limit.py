"""How near is a training step to the matrix products it cannot do without?

    python -m benchmarks.gemm_limit

The limit is ``np.matmul`` on exactly the products of one step, of the same shapes in buffers of the same sizes, one
after the other as the passes need them, and nothing else. The share is its time over that of our whole training step.
"""

import sys
from dataclasses import asdict

import numpy as np

from benchmarks.files import Row, write
from benchmarks.problem import Ours, Problem, Setting
from benchmarks.process import ISA, isolated
from benchmarks.timing import interleaved

CLAIM = "limit"
SETTINGS = [Setting(cell, steps=steps) for cell in ("lstm", "gru", "rnn") for steps in (50, 200, 1000)]
TARGETS = {"lstm": 0.75}


class Products:
    """The products of one training step, row-major and stacked over seeds: [h, x, 1] W, dL/dz W_hh^T, rows^T dL/dz."""

    def __init__(self, problem: Problem) -> None:
        """Reserve buffers and fill what is read with numbers of the right size."""
        s, p = problem.setting, problem.weights.named
        rng = np.random.default_rng(0)
        width, columns = p["W"].shape[1:]
        self.hidden, self.w = s.hidden, p["W"]
        self.w_hh_t = np.ascontiguousarray(p["W"][:, : s.hidden].swapaxes(1, 2))
        self.hx = rng.normal(size=(s.seeds, s.steps + 1, s.batch, width)).astype(np.float32)
        self.z = np.zeros((s.seeds, s.steps, s.batch, columns), np.float32)
        self.back = np.zeros((s.seeds, s.batch, s.hidden), np.float32)
        self.d_w = np.zeros_like(p["W"])
        self.w_n = p.get("W_n")  # of the GRU's candidate, whose input stands outside the reset gate
        if self.w_n is not None:
            self.candidate = np.zeros((s.seeds, s.steps * s.batch, s.hidden), np.float32)
            self.d_w_n = np.zeros_like(self.w_n)

    def step(self) -> None:
        """Forward, backward, weight gradient."""
        seeds, steps, batch, columns = self.z.shape
        rows = self.hx[:, :-1].reshape(seeds, steps * batch, -1)
        if self.w_n is not None:
            np.matmul(rows[..., self.hidden :], self.w_n, out=self.candidate)
        for t in range(steps):
            np.matmul(self.hx[:, t], self.w, out=self.z[:, t])
        for t in reversed(range(steps)):
            np.matmul(self.z[:, t], self.w_hh_t, out=self.back)
        np.matmul(rows.swapaxes(1, 2), self.z.reshape(seeds, steps * batch, columns), out=self.d_w)
        if self.w_n is not None:
            np.matmul(rows[..., self.hidden :].swapaxes(1, 2), self.candidate, out=self.d_w_n)

    @property
    def flops(self) -> float:
        """Multiplications and additions of one step."""
        rows = self.z[..., 0].size
        width, columns = self.w.shape[1:]
        candidate = 0 if self.w_n is None else 2 * self.w_n[0].size
        return 2.0 * rows * (2 * width * columns + self.hidden * columns + candidate)


def main() -> int:
    """Measure all settings."""
    rows = []
    for setting in SETTINGS:
        problem = Problem(setting)
        products = Products(problem)
        times = interleaved({"products": products.step, "ours": Ours(problem).step})
        share = times["products"].cpu / times["ours"].cpu
        rate = products.flops / times["products"].cpu / 1e9
        size = asdict(setting)
        target = TARGETS.get(setting.cell)
        rows += [
            Row.of_rounds(CLAIM, "share of the limit", "", share, target=target, **size),
            Row.of_rounds(CLAIM, "products alone", "ms", 1e3 * times["products"].cpu, **size),
            Row.of_rounds(CLAIM, "rate of the products", "GFLOP/s", rate, **size),
        ]
        wanted = "" if target is None else f", target {target:.0%}: {rows[-3].verdict}"
        print(
            f"{setting}: {np.median(share):.0%} ({share.min():.0%} to {share.max():.0%}) of the limit{wanted}; "
            f"products {1e3 * np.median(times['products'].cpu):.1f} ms at {np.median(rate):.0f} GFLOP/s",
            flush=True,
        )
    write("gemm_limit", rows, ISA)
    return 0


if __name__ == "__main__":
    sys.exit(isolated(main))
