"""Every cell that the library offers, by the name of its variant."""

from rnn.cells import CELLS, Cell
from rnn.variants import VARIANTS


def all_cells(n_inputs: int, n_hidden: int) -> dict[str, Cell]:
    """Return each cell with each of its options, named "rnn", "rnn relu", "lstm", ...; starts alone are no cells."""
    cells: dict[str, Cell] = {}
    for variant, description in VARIANTS.items():
        for name in description.cells:
            cell = CELLS[name](n_inputs, n_hidden, **description.options)
            if cell not in cells.values():
                cells[f"{name} {variant}".removesuffix(" default")] = cell
    return cells
