"""`python -m devstack.kafka`: has Kafka's jars ready before the first start."""

import sys

from devstack.errors import StackError
from devstack.kafka import jars

try:
    jars.cached()
except StackError as error:
    sys.exit(str(error))
