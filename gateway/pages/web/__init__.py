"""The ground of every page: visit, forms, rendering, labels, translations, formats, preferences, assets."""
