"""Every cell that the library offers, by the name of its variant."""

from rnn.cells import Cell
from rnn.variants import VARIANTS


def all_cells(n_inputs: int, n_hidden: int) -> dict[str, Cell]:
    """Return each cell in each of its forms, named "rnn", "rnn relu", "lstm", ...; variants of a start are left out."""
    cells: dict[str, Cell] = {}
    for variant, description in VARIANTS.items():
        for name in description.cells:
            cell = description.cell(name, n_inputs, n_hidden)
            if cell not in cells.values():
                cells[f"{name} {variant}".removesuffix(" default")] = cell
    return cells
