"""Figures: pure functions from inputs to charts, each with the caption, the words and the origin that belong to it."""
