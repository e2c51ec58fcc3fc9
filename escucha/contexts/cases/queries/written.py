"""What is written about a case that was already found: answers, remarks, the draft, the notice."""

from collections.abc import Collection, Mapping, Sequence

from escucha.contexts.cases.models import Answer, Case, Draft, Notice, Remark


def answers_of(case: Case) -> Sequence[Answer]:
    return list(Answer.objects.filter(case=case).select_related("written_by__account").order_by("pk"))


def latest_answer(case: Case) -> Answer | None:
    return Answer.objects.filter(case=case).order_by("-pk").first()


def remarks_of(case: Case, *, ids: Collection[int] | None = None) -> Mapping[int, Remark]:
    """What was remarked about a case, by id; only some of it where they are given."""
    if ids is not None and not ids:
        return {}
    found = Remark.objects.filter(case=case)
    return {remark.pk: remark for remark in (found if ids is None else found.filter(pk__in=ids))}


def draft_of(case: Case, *, member_id: int | None) -> Draft | None:
    return Draft.objects.filter(case=case, member=member_id).first()


def notice_of(case: Case) -> Notice | None:
    return Notice.objects.filter(case=case).first()
