"""What we claim, measured: each figure as a ratio within one run, with every service at work.

`python -m bench` runs all of it at a size that fits a coffee break; `python -m bench run --customers 1000000`
one part at another size. Each prints rows of the table in `docs/benchmarks.md`.
"""
