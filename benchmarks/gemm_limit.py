"""How near is a training step to the matrix products it cannot do without?

    python -m benchmarks.gemm_limit

The limit is ``np.matmul`` on exactly the products of one step, of the same shapes in buffers of the same sizes, one
after the other as the passes need them, and nothing else: all seeds in each product, or one seed after the other, which
needs less of the caches; the faster of the two counts. The share is its time over that of our whole training step. It
can exceed 100 %, since the step has products of its own; so the rate of the whole step stands beside the rate that BLAS
reaches on large matrices.
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
LARGE = 1024


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

    def stacked(self) -> None:
        """All seeds in each product."""
        self._passes(slice(None))

    def seed_by_seed(self) -> None:
        """One seed after the other."""
        for seed in range(len(self.z)):
            self._passes(slice(seed, seed + 1))

    def _passes(self, seeds: slice) -> None:
        """Forward, backward, weight gradient."""
        hx, z, w, w_hh_t, back = self.hx[seeds], self.z[seeds], self.w[seeds], self.w_hh_t[seeds], self.back[seeds]
        count, steps, batch, columns = z.shape
        rows = hx[:, :-1].reshape(count, steps * batch, -1)
        if self.w_n is not None:
            np.matmul(rows[..., self.hidden :], self.w_n[seeds], out=self.candidate[seeds])
        for t in range(steps):
            np.matmul(hx[:, t], w, out=z[:, t])
        for t in reversed(range(steps)):
            np.matmul(z[:, t], w_hh_t, out=back)
        np.matmul(rows.swapaxes(1, 2), z.reshape(count, steps * batch, columns), out=self.d_w[seeds])
        if self.w_n is not None:
            np.matmul(rows[..., self.hidden :].swapaxes(1, 2), self.candidate[seeds], out=self.d_w_n[seeds])

    @property
    def flops(self) -> float:
        """Multiplications and additions of one step."""
        rows = self.z[..., 0].size
        width, columns = self.w.shape[1:]
        candidate = 0 if self.w_n is None else 2 * self.w_n[0].size
        return 2.0 * rows * (2 * width * columns + self.hidden * columns + candidate)


def peak_rate() -> float:
    """Return GFLOP/s of one large product, at its best."""
    a, b = np.random.default_rng(0).normal(size=(2, LARGE, LARGE)).astype(np.float32)
    times = interleaved({"large": lambda: np.matmul(a, b)})
    return 2 * LARGE**3 / float(times["large"].cpu.min()) / 1e9


def main() -> int:
    """Measure all settings."""
    peak = peak_rate()
    rows = [Row(CLAIM, "rate of a large product", "GFLOP/s", round(peak, 1))]
    print(f"a product of {LARGE} x {LARGE} matrices: {peak:.0f} GFLOP/s")
    for setting in SETTINGS:
        problem = Problem(setting)
        products = Products(problem)
        orders = {"all seeds": products.stacked, "seed by seed": products.seed_by_seed}
        times = interleaved(orders | {"ours": Ours(problem).step})
        order = min(orders, key=lambda name: float(np.median(times[name].cpu)))
        alone, ours = times[order].cpu, times["ours"].cpu
        size, target = asdict(setting), TARGETS.get(setting.cell)
        share = Row.of_rounds(CLAIM, "share of the limit", "", alone / ours, target=target, **size)
        rows += [
            share,
            Row.of_rounds(CLAIM, f"products alone, {order}", "ms", 1e3 * alone, **size),
            Row.of_rounds(CLAIM, "rate of the products", "GFLOP/s", products.flops / alone / 1e9, **size),
            Row.of_rounds(CLAIM, "rate of our whole step", "GFLOP/s", products.flops / ours / 1e9, **size),
        ]
        wanted = "" if target is None else f", target {target:.0%}: {share.verdict}"
        print(
            f"{setting}: {share.value:.0%} ({share.low:.0%} to {share.high:.0%}) of the limit{wanted}; products alone, "
            f"{order}, {rows[-2].value:.0f} GFLOP/s, our whole step {rows[-1].value:.0f} GFLOP/s",
            flush=True,
        )
    write("gemm_limit", rows, ISA)
    return 0


if __name__ == "__main__":
    sys.exit(isolated(main))
