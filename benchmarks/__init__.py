"""Measures this machine: `python -m benchmarks` (or `make bench`) writes docs/PERFORMANCE.md.

Each module that has a `measure` function is a measurement; `load.py` is the load generator, a process of its own that
speaks to 127.0.0.1 only and is bounded in clients, time and frames.
"""
