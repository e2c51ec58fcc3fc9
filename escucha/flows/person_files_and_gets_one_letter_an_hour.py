"""Anybody may file from the web, as often as needed; an address gets one acknowledgement an hour.

Filing is never refused, so that without a limit the letters would be a way to bury somebody else's mailbox.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from escucha.contexts.cases.models import Case
from escucha.contexts.cases.operations.filing import file_case
from escucha.contexts.people.operations import note_try
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.facts import CITIZEN

LETTERS_AN_HOUR = 1


@transaction.atomic(savepoint=False)  # a part of its caller's act: both happen or neither
def file_from_the_web(*, org: Organisation, channel: str, letter_key: str, now: datetime, **said: Any) -> Case:
    """The case, as `file_case` makes it. Over the limit of its address it is filed and no letter leaves.

    `channel` is the organisation's own web channel. `letter_key` is a digest of the address, empty where there is none.
    The same form twice at once waits here for the first, which has the letter.
    """
    limits = {letter_key: LETTERS_AN_HOUR} if letter_key else {}
    refused = note_try(org=org, limits=limits, now=now)
    return file_case(org=org, channel=channel, acknowledged=refused is None, by=CITIZEN, now=now, **said)
