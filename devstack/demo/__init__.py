"""The demo ISP: Shapla Net, its resellers and three months of bills, made only through the public ways.

`cast` says who there is, `days` when it plays, `clerk` speaks HTTP as a clerk's program would, `partner` is
bKash on its topic, `office` holds them together, and `story` lets it happen in order, with the `evenings` on
which a day is closed. The same seed makes the same ISP; begun again after a break, it goes on.
"""
