"""The report's printed tables: cells of text from the result tables, each with its caption and its origin."""

from reports.tabulate.tabulation import NOTHING, Tabulation

__all__ = ["NOTHING", "Tabulation"]
