"""Sentences that state results: each takes its numbers and its direction from the tables, and turns when they do."""
