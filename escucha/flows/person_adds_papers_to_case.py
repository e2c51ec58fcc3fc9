"""Who follows a case says more about it and brings papers, all in one act. The same form twice is one word."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from escucha.contexts.cases.models import Case
from escucha.contexts.cases.operations.words import add_word
from escucha.contexts.documents.operations.keeping import keep_file
from escucha.contexts.people.operations import note_try
from escucha.flows.person_files_with_papers_and_consents import Paper
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.facts import CITIZEN


@transaction.atomic
def add_with_papers(
    *, org: Organisation, case: Case, body: str, channel: str, papers: Sequence[Paper], word_key: str, now: datetime
) -> Case:
    """The case, with the word. `word_key` is of the form: within the hour the same one adds nothing more.

    Papers of a reserved case, or of who asked not to be known, are reserved. Raises Refused of documents where one may
    not be taken, of cases where nothing was said.
    """
    if note_try(org=org, limits={f"word {word_key}"[:64]: 1}, now=now):
        return case
    kept = [
        keep_file(
            org=org,
            content=paper.content.chunks(),
            name=paper.name,
            claimed_kind=paper.claimed_kind,
            reserved=case.keeps_papers,
            now=now,
        )
        for paper in papers
    ]
    add_word(org=org, case_id=case.pk, body=body, channel=channel, attachments=kept, by=CITIZEN, now=now)
    return case
