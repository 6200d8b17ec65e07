"""Exact recurrent networks in NumPy: cells, training, and what flows back through time.

The library knows nothing of the pipeline, the tracking or the report that are built on it.
"""
