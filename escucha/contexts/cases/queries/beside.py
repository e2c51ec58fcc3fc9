"""What a case has beside itself at all. Most have nothing of it: who shows one asks once, and reads what there is."""

from typing import NamedTuple

from django.db import connection

from escucha.contexts.cases.models import Case
from escucha.contexts.cases.queries.words import ABOUT

BESIDE = f"""
SELECT EXISTS (SELECT FROM cases_answer WHERE case_id = %s),
       EXISTS ({ABOUT}),
       EXISTS (SELECT FROM cases_case WHERE merged_into_id = %s)
       OR EXISTS (SELECT FROM cases_case WHERE split_from_id = %s)
"""


class Beside(NamedTuple):
    answers: bool
    words: bool  # said later by the person
    others: bool  # that follow it, or were split from it


def beside(case: Case) -> Beside:
    with connection.cursor() as cursor:
        cursor.execute(BESIDE, [case.pk] * 6)
        return Beside(*cursor.fetchone())
