"""Which release this is. An image holds our code and no package that could be asked for its version."""

VERSION = "0.1.0"
