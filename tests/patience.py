"""How long a test waits for what must come: a ceiling against standing still, never a measure of speed.

A busy machine takes minutes for what else takes seconds; a test that passes never waits so long.
"""

SECONDS = 600
MILLISECONDS = SECONDS * 1_000
