"""What is written about a case that was already found: answers, remarks, the draft, the notice."""

from collections.abc import Collection, Mapping, Sequence

from escucha.contexts.cases.models import Answer, Case, Draft, Notice, Remark
from escucha.kernel.composed import Blank, Composed

ANSWERS = Composed(
    lambda: Answer.objects.filter(case=Blank("case")).select_related("written_by__account").order_by("pk")
)
REMARKS = Composed(
    lambda: Remark.objects.filter(case=Blank("case")).extra(where=["id = ANY(%s)"], params=[Blank("ids")])
)
DRAFT = Composed(lambda: Draft.objects.filter(case=Blank("case"), member=Blank("member")))
NOTICE = Composed(lambda: Notice.objects.filter(case=Blank("case")))


def answers_of(case: Case) -> Sequence[Answer]:
    return ANSWERS.ask(case=case.pk)


def latest_answer(case: Case) -> Answer | None:
    return Answer.objects.filter(case=case).order_by("-pk").first()


def remarks_of(case: Case, *, ids: Collection[int] | None = None) -> Mapping[int, Remark]:
    """What was remarked about a case, by id; only some of it where they are given."""
    if ids is None:
        return {remark.pk: remark for remark in Remark.objects.filter(case=case)}
    return {remark.pk: remark for remark in REMARKS.ask(case=case.pk, ids=[*ids])} if ids else {}


def draft_of(case: Case, *, member_id: int | None) -> Draft | None:
    return DRAFT.first(case=case.pk, member=member_id)


def notice_of(case: Case) -> Notice | None:
    return NOTICE.first(case=case.pk)
