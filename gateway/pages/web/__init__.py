"""What every page stands on: visit, forms, rendering, labels, translations, formats, preferences, assets."""
