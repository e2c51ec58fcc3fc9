"""Keeping the kept counts small, and proving them right. What is counted, the database notes by itself."""

import logging
from datetime import datetime

from django.db import connection, transaction

from escucha.contexts.cases.models import tally_sql
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.orgs.queries import all_orgs

log = logging.getLogger(__name__)


def fold_tallies(*, now: datetime, limit: int = 2_000) -> int:
    """Folds the oldest noted changes into one row a sort, and none where no case is left. Returns how many.

    One process at a time does it.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(tally_sql.ONE_AT_A_TIME)
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(tally_sql.FOLD, {"limit": limit})
        folded, empty = cursor.fetchone()
        if empty:
            cursor.execute(tally_sql.FORGET, {"ids": empty})
        return int(folded)


def recount_all(*, now: datetime) -> int:
    """Recounts every organisation; what was wrong is mended, and told to whoever reads the log."""
    wrong = sum(recount(org=org) for org in all_orgs())
    if wrong:
        log.error("%s kept counts of cases were wrong and were counted anew", wrong)
    return 0


def recount(*, org: Organisation) -> int:
    """Counts an organisation's cases anew and notes what was missing or too many. Returns how many sorts were kept
    wrong: none, unless somebody went past the triggers. Two recounts at once would mend twice: the second waits."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(tally_sql.ONE_RECOUNT)
        cursor.execute(tally_sql.FORGET_ALL, {"org": org.pk})
        cursor.execute(tally_sql.MEND, {"org": org.pk})
        return int(cursor.fetchone()[0])
