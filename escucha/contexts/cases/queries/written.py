"""What is written about a case that was already found: answers, remarks, the draft, the notice."""

from collections.abc import Mapping, Sequence

from escucha.contexts.cases.models import Answer, Case, Draft, Notice, Remark


def answers_of(case: Case) -> Sequence[Answer]:
    return list(Answer.objects.filter(case=case).select_related("written_by__account", "checked_by").order_by("pk"))


def latest_answer(case: Case) -> Answer | None:
    return Answer.objects.filter(case=case).order_by("-pk").first()


def remarks_of(case: Case) -> Mapping[int, Remark]:
    return {remark.pk: remark for remark in Remark.objects.filter(case=case).select_related("member__account")}


def draft_of(case: Case, *, member_id: int | None) -> Draft | None:
    return Draft.objects.filter(case=case, member=member_id).first()


def notice_of(case: Case) -> Notice | None:
    return Notice.objects.filter(case=case).first()
