"""What people said about their cases after filing them."""

from collections.abc import Iterator, Sequence

from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from escucha.contexts.cases.events import WordAdded
from escucha.contexts.cases.models import Case, Word
from escucha.contexts.cases.queries.doors import NoSuchCase
from escucha.contexts.documents.models import Attachment
from escucha.contexts.documents.queries import files_about
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.comparing import Difference
from escucha.kernel.timeline.digests import digest_of
from escucha.kernel.words import _

ABOUT = """
SELECT id FROM cases_word WHERE case_id = %s OR said_about_id = %s
UNION ALL
SELECT word.id FROM cases_case AS follower JOIN cases_word AS word ON word.case_id = follower.id
WHERE follower.merged_into_id = %s
"""
WORD_GONE = _("El mensaje {number} que dice la bitácora ya no está: fue borrado.")
WORD_ALTERED = _("El mensaje {number} no tiene el texto con que llegó: fue alterado.")
WORD_ERASED = _("El texto del mensaje {number} fue borrado; la bitácora guarda su resumen.")


def words_about(case: Case) -> Sequence[Word]:
    """What was said about a case and those that follow it, oldest first; of one that follows another, only its own."""
    found = Word.objects.filter(~_kept_from(case.pk), pk__in=RawSQL(ABOUT, [case.pk] * 3), org=case.org_id)
    return list(found.prefetch_related("said_about", "member__account").order_by("pk"))  # most cases have none


def word_for_change(*, org: Organisation, word_id: int, case_id: int) -> Word:
    """A word about a case, or about one that follows it, locked."""
    about = Q(case=case_id) | Q(case__merged_into=case_id)
    found = (
        Word.objects.filter(about, ~_kept_from(case_id), org=org, pk=word_id)
        .select_for_update(of=("self",))
        .select_related("case__person", "said_about__person")
    )
    if (word := found.first()) is None:
        raise NoSuchCase
    return word


def unread_words(case: Case) -> QuerySet[Word]:
    """What nobody has read yet about a case and those that follow it; of a reserved one, what it was told elsewhere."""
    about = Q(case=case) | Q(case__merged_into=case)
    if case.reserved:
        about |= Q(said_about=case)
    return Word.objects.filter(about, ~_kept_from(case.pk), org=case.org_id, read_at=None)


def with_unread_words(found: QuerySet[Case], *, org: Organisation) -> QuerySet[Case]:
    """The cases among these with words that nobody has read; those about one that follows another are the other's."""
    answering = Coalesce("case__merged_into", "case")
    unread = Word.objects.filter(org=org, read_at=None).exclude(said_about__reserved=True)
    return found.filter(pk__in=unread.values(answering=answering))


def words_told_beside(case: Case) -> Sequence[Word]:
    """What was said about a case while it followed another, and stands beside that one."""
    return list(Word.objects.filter(said_about=case, org=case.org_id).select_related("case").order_by("pk"))


def papers_of(word: Word) -> Sequence[Attachment]:
    """The files that came with a word: put beside its case in the same moment, by the same hand."""
    came = files_about(org=word.org, subject=word.case.subject)
    return [
        one for one in came if (one.kind, one.at, one.added_by_id) == (Attachment.Kind.MESSAGE, word.at, word.member_id)
    ]


def words_that_differ(facts: Sequence[WordAdded], *, org: Organisation) -> Iterator[Difference]:
    """Words that do not have the text whose digest was recorded when they came."""
    rows = Word.objects.filter(org=org).in_bulk([fact.word for fact in facts])
    for fact in facts:
        if wrong := _differs(fact, rows.get(fact.word)):
            yield Difference(fact, wrong, {"number": fact.word}, erased=wrong == WORD_ERASED)


def _kept_from(case_id: int) -> Q:
    """What was said about a reserved case, wherever it stands, is told beside that case and beside no other."""
    return Q(said_about__isnull=False, said_about__reserved=True) & ~Q(said_about=case_id)


def _differs(fact: WordAdded, row: Word | None) -> str:
    if row is None or fact.subject != f"case:{row.case_id}":
        return WORD_GONE
    if digest_of(row.salt, row.body) == fact.digest:
        return ""
    return WORD_ALTERED if row.body else WORD_ERASED
