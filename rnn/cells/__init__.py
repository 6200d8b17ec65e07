"""Recurrent cells: one a file, all run by ``rnn.unroll``."""

from rnn.cells.base import Cell
from rnn.cells.gru import GRU
from rnn.cells.gru_before import GRUBefore
from rnn.cells.lstm import LSTM
from rnn.cells.lstm_1997 import LSTM1997
from rnn.cells.vanilla import ACTIVATIONS, Vanilla

CELLS: dict[str, type[Cell]] = {cell.name: cell for cell in (Vanilla, LSTM, GRU)}

__all__ = ["ACTIVATIONS", "CELLS", "GRU", "LSTM", "LSTM1997", "Cell", "GRUBefore", "Vanilla"]
