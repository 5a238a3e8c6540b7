"""What can go wrong with the stack; each message is what the person at the terminal reads."""


class StackError(Exception):
    """The stack cannot do that; the message says why and what to do."""


class StackRefused(StackError):
    """The stack was asked for something that it must not do; nothing was changed."""
