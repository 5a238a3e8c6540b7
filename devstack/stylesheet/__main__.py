"""`python -m devstack.stylesheet`: writes the part of Tabler's style sheet that our pages use."""

from devstack.stylesheet import PURGED, purged

PURGED.write_text(purged())
