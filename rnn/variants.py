"""Variants of a cell and its start: what an ablation changes, by name."""

from dataclasses import dataclass, field

from rnn.cells import CELLS, Cell, GRUBefore


@dataclass(frozen=True)
class Variant:
    """What differs from the default: tanh, Glorot weights, keep-gate biases of 1."""

    description: str
    cells: tuple[str, ...] = tuple(CELLS)
    options: dict[str, str] = field(default_factory=dict)  # of the cell's constructor
    recurrent: str = "glorot"
    gate_bias: float = 1.0
    form: type[Cell] | None = None  # another form of the cell, in place of the registered one

    def cell(self, name: str, n_inputs: int, n_hidden: int) -> Cell:
        """Return the variant of a registered cell, with D inputs and H hidden units."""
        return (self.form or CELLS[name])(n_inputs, n_hidden, **self.options)


VARIANTS: dict[str, Variant] = {
    "default": Variant("tanh, Glorot weights, forget and keep bias 1"),
    "sigmoid": Variant("sigmoid in place of tanh", ("rnn",), {"activation": "sigmoid"}),
    "relu": Variant("ReLU in place of tanh", ("rnn",), {"activation": "relu"}),
    "linear": Variant("no non-linearity", ("rnn",), {"activation": "linear"}),
    "orthogonal": Variant("orthogonal recurrent matrices, gate by gate", recurrent="orthogonal"),
    "identity": Variant("identity as recurrent matrix", ("rnn",), recurrent="identity"),
    "bias-0": Variant("forget and keep bias 0", ("lstm", "gru"), gate_bias=0.0),
    "reset-before": Variant("reset gate before the recurrent product, as published in 2014", ("gru",), form=GRUBefore),
}
