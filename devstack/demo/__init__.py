"""The demo ISP: Shapla Net, its resellers and two months of bills, made only through the public ways.

`cast` says who there is, `clerk` speaks HTTP as a clerk's program would, `partner` is bKash on its topic and
`story` lets it happen in order. The same seed makes the same ISP; begun again after a break, it goes on.
"""
