"""Files as lists: «A cargo», «Abiertos», «Todos», and what was asked before."""

from escucha.contexts.assistance.models import Assistance, LogLine
from escucha.contexts.assistance.rules.subtypes import Subtype


def is_ordered(assistance: Assistance) -> bool:
    """Whether somebody who authorises ordered that who asks be served."""
    return LogLine.objects.filter(assistance=assistance, subtype=Subtype.AUTHORISED, said__about="serve").exists()
