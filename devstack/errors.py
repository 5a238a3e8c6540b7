"""What can go wrong with the stack; each docstring or message is what the person at the terminal reads."""


class StackError(Exception):
    """The stack cannot do that; the message says why and what to do."""
