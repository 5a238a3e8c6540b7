"""One reader for each kind of value that people and other systems write: texts, days, amounts, mobiles.

Pages, API, command line, CSV and workbooks all read through these, so that what one of them shows can be
typed into any other. A reader returns the value or raises an `Unreadable`: a named fact whose message says
what to write instead. Nothing is invented, and nothing is dropped in silence.
"""
