"""The doors to people, to the places where they live, to what they agreed to and to who is attended first."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Length

from escucha.contexts.people.events import ConsentGiven, ConsentWithdrawn, PersonCorrected
from escucha.contexts.people.models import Consent, Correction, Person, PersonGroup, Place
from escucha.contexts.people.policy import Group, PeoplePolicy, Purpose
from escucha.contexts.people.rules.consenting import digest_of_row, digest_of_text, may_read_groups
from escucha.contexts.people.rules.correcting import FIELDS
from escucha.contexts.people.rules.doubts import doubts_about
from escucha.contexts.people.rules.places import folded
from escucha.contexts.people.rules.recognising import document_key
from escucha.contexts.people.rules.telephones import phone_key
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.orgs.queries import profile_of
from escucha.kernel.timeline.comparing import Difference
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.words import Saying, _

MOST_PLACES = 50
DOUBTED = ("document_kind", "document_number", "phone", "other_phone")
NEAR_ENOUGH = 0.45  # of a name misspelt: `medeyin` is 0.6 of Medellín
CONSENT_GONE = _("La autorización {number} que dice la bitácora ya no está: fue borrada.")
CONSENT_ALTERED = _("La autorización {number} no es la que se anotó: fue alterada.")
PROOF_ERASED = _("La prueba de la autorización {number} fue borrada; la bitácora guarda su resumen.")
CORRECTION_GONE = _("La corrección {number} que dice la bitácora ya no está: fue borrada.")
CORRECTION_ALTERED = _("La corrección {number} no es la que se anotó: fue alterada.")
CORRECTION_ERASED = _("Los datos de la corrección {number} fueron borrados; la bitácora guarda su resumen.")


class Department(NamedTuple):
    code: str
    name: str


class Marked(NamedTuple):
    """A group of those attended first that a person is of, since when, and how it was learnt."""

    group: Group
    since: datetime
    channel: str


class Agreement(NamedTuple):
    """A use of a person's data: how it is asked for today, and what the person last said of it.

    `text` is the one that it read, where it said something; `holds`, whether its data may be used so now.
    """

    key: str
    label: str
    text: str
    notice: str
    last: Consent | None
    holds: bool


def policy_of(org: Organisation, *, at: datetime) -> PeoplePolicy:
    return profile_of(org, at=at).section(PeoplePolicy)


def person_by_id(*, org: Organisation, person_id: int) -> Person:
    return Person.objects.get(org=org, pk=person_id)


def people_by_id(*, org: Organisation, ids: Collection[int]) -> Mapping[int, Person]:
    return Person.objects.filter(org=org).in_bulk(ids)


def person_who_says(
    *, org: Organisation, document_number: str, phone: str, besides: Person | None = None
) -> Person | None:
    """Somebody already known by both its document and its telephone: one of them alone finds nobody."""
    document, called = document_key(document_number), phone_key(phone)
    if not (document and called):
        return None
    known = Person.objects.filter(org=org, document_number=document)
    if besides is not None:
        known = known.exclude(pk=besides.pk)
    known = known.order_by("-pk")[:20]
    return next((one for one in known if called in (phone_key(one.phone), phone_key(one.other_phone))), None)


def person_for_change(*, org: Organisation, person_id: int) -> Person:
    """The person, locked until the transaction ends: what it agrees to is decided by one at a time."""
    return Person.objects.select_for_update(of=("self",)).get(org=org, pk=person_id)


def nobody_yet(org: Organisation) -> Person:
    """Of whom nothing is known, and no row says so."""
    return Person(org=org)


def data_of(person: Person) -> dict[str, str]:
    """What is known of a person that may be corrected, by field."""
    return {field: getattr(person, field) for field in FIELDS}


def last_correction(person: Person) -> Correction | None:
    """The last one; the next is written on what it left."""
    return Correction.objects.filter(person=person).order_by("-pk").first()


def corrections_of(person: Person, *, limit: int = 20) -> Sequence[Correction]:
    """What was corrected of a person, newest first. For who may see the person; nothing of who is not known yet."""
    if person.pk is None:
        return []
    found = list(Correction.objects.filter(person=person).select_related("member__account").order_by("-pk")[:limit])
    for correction in found:
        correction.person = person
    return found


def corrections_by_id(*, org: Organisation, ids: Collection[int]) -> Mapping[int, Correction]:
    """Some corrections with their values. For who may see the person."""
    return Correction.objects.filter(org=org).select_related("person").in_bulk(ids) if ids else {}


def doubts_of(person: Person | None, *, asked_kind: bool = True) -> Sequence[Saying]:
    """What looks odd in what a person said, all together. `asked_kind` is false of a form without kinds of document."""
    if person is None:
        return []
    said = {name: getattr(person, name) for name in DOUBTED}
    if not (asked_kind or person.document_kind):
        del said["document_kind"]
    return [doubt for doubts in doubts_about(said).values() for doubt in doubts]


def place_by_code(code: str) -> Place | None:
    """The municipality with a code, also one that no longer exists; None if there is none."""
    return Place.objects.filter(code=code.strip()).first()


def places_like(text: str, *, limit: int = 10) -> Sequence[Place]:
    """Today's municipalities for what somebody has typed so far: the same name, those that begin so, those like it.

    Accents and misspellings are forgiven, and the department may follow the name: `bello antioquia`.
    """
    typed = folded(text)
    if not typed:
        return []
    nearest = Case(
        When(search__startswith=f"{typed} |", then=Value(0)),
        When(search__startswith=typed, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    found = _places_today().annotate(nearest=nearest, likeness=TrigramWordSimilarity(typed, "search"))
    found = found.filter(Q(nearest__lt=2) | Q(likeness__gte=NEAR_ENOUGH))
    return list(found.order_by("nearest", "-likeness", Length("name"), "search")[: min(limit, MOST_PLACES)])


def place_code_of(said: str) -> str:
    """The code of the only municipality with this name, or with this name and department; empty in doubt."""
    wanted = folded(said)
    found = [one for one in places_like(said) if wanted in (folded(one.name), folded(one.full_name))]
    return found[0].code if len(found) == 1 else ""


def departments() -> Sequence[Department]:
    """Today's departments and the capital district, by name."""
    rows = _places_today().values_list("department_code", "department").distinct()
    return sorted((Department(*row) for row in rows), key=lambda one: folded(one.name))


def places_in(department_code: str) -> Sequence[Place]:
    """Today's municipalities of a department, by name."""
    return list(_places_today().filter(department_code=department_code).order_by("search"))


def consents_of(*, org: Organisation, viewer: Actor, person: Person) -> Sequence[Consent]:
    """What a person agreed to and withdrew, newest first."""
    if not may_read_groups(viewer):
        return []
    return list(Consent.objects.filter(org=org, person=person).select_related("member__account").order_by("-pk"))


def agreements_of(*, org: Organisation, viewer: Actor, person: Person, at: datetime) -> Sequence[Agreement]:
    """The uses that are asked for today, in order, and those of before of which the person said something."""
    if not may_read_groups(viewer):
        return []
    said = Consent.objects.filter(org=org, person=person).order_by("purpose", "-pk").distinct("purpose")
    last = {consent.purpose: consent for consent in said.select_related("member__account", "profile_version")}
    policy = policy_of(org, at=at)
    asked = {purpose.key: purpose for purpose in policy.asked}
    return [_agreement(key, asked.get(key), last.get(key)) for key in [*asked, *(last.keys() - asked.keys())]]


def consent_in_force(*, org: Organisation, person: Person, purpose: str, at: datetime) -> Consent | None:
    """The consent by which a person's data may be used now: given, not withdrawn, to today's version of the text."""
    asked = policy_of(org, at=at).purposes.get(purpose)
    last = last_consent(org=org, person=person, purpose=purpose)
    return last if asked and last and last.given and last.version == asked.version else None


def has_consent(*, org: Organisation, person: Person, purpose: str, at: datetime) -> bool:
    """Whether a person's data may be used for a purpose. Silence never is consent."""
    return consent_in_force(org=org, person=person, purpose=purpose, at=at) is not None


def last_consent(*, org: Organisation, person: Person, purpose: str) -> Consent | None:
    """What a person said last about a purpose, whatever the text was."""
    return Consent.objects.filter(org=org, person=person, purpose=purpose).order_by("-pk").first()


def text_agreed_to(consent: Consent) -> str:
    """The text that the person read, from its version of the profile; empty if it is not that one any more."""
    raw = consent.profile_version.document["profile"].get(PeoplePolicy.name, {})
    text = str(raw.get("purposes", {}).get(consent.purpose, {}).get("text", ""))
    return text if digest_of_text(text) == consent.text_digest else ""


def groups_of(*, org: Organisation, viewer: Actor, person: Person, at: datetime) -> Sequence[Marked]:
    """The groups a person is of, in the order of the policy. Nothing for who does not handle cases."""
    if not may_read_groups(viewer):
        return []
    marks = {mark.group: mark for mark in _marks(org).filter(person=person)}
    groups = policy_of(org, at=at).groups.values()
    return [Marked(one, marks[one.key].since, marks[one.key].channel) for one in groups if one.key in marks]


def is_preferential(*, org: Organisation, person: Person, at: datetime) -> bool:
    """Whether a person is attended first. It tells no reason, so it may be asked for anybody who waits."""
    return bool(preferential_people(org=org, ids=[person.pk], at=at))


def preferential_people(*, org: Organisation, ids: Collection[int], at: datetime) -> set[int]:
    """Those of some people who are attended first, in one query."""
    groups = list(policy_of(org, at=at).groups)
    return set(_marks(org).filter(person_id__in=ids, group__in=groups).values_list("person_id", flat=True))


def people_of_group(*, org: Organisation, group: str) -> QuerySet[PersonGroup, int]:
    """The ids of who is of a group, as a query: for who counts what they asked for, never to be shown."""
    return _marks(org).filter(group=group).values_list("person_id", flat=True)


def mark_of(*, org: Organisation, person: Person, group: str) -> PersonGroup | None:
    """The mark of a person in a group, while it lasts."""
    return _marks(org).filter(person=person, group=group).first()


def marks_under(*, org: Organisation, person: Person, purpose: str) -> Sequence[PersonGroup]:
    """The marks that stand on a consent to a purpose, and fall with it."""
    return list(_marks(org).filter(person=person, consent__purpose=purpose).order_by("pk"))


def digest_of_consent(consent: Consent) -> str:
    """The digest of everything in the row but its proof, which can be erased."""
    columns = ("person_id", "profile_version_id", "purpose", "version", "text_digest", "given", "channel", "member_id")
    row = {name: getattr(consent, name) for name in columns} | {"at": consent.at.timestamp()}
    return digest_of_row(consent.salt, row)


def digest_of_proof(consent: Consent) -> str:
    return digest_of_row(consent.salt, {"proof": consent.proof})


def consents_that_differ(
    facts: Sequence[ConsentGiven | ConsentWithdrawn], *, org: Organisation
) -> Iterator[Difference]:
    """Consents that are not as they were recorded."""
    rows = Consent.objects.filter(org=org).in_bulk([fact.consent for fact in facts])
    for fact in facts:
        if wrong := _differs(fact, rows.get(fact.consent)):
            yield Difference(fact, wrong, {"number": fact.consent}, erased=wrong == PROOF_ERASED)


def digest_of_correction(correction: Correction) -> str:
    """The digest of everything in the row but what names somebody, which can be erased."""
    row = {name: getattr(correction, name) for name in ("person_id", "about", "member_id")}
    return digest_of_row(correction.salt, row | {"at": correction.at.timestamp()})


def digest_of_corrected(correction: Correction) -> str:
    return digest_of_row(correction.salt, {name: getattr(correction, name) for name in correction.personal_data})


def corrections_that_differ(facts: Sequence[PersonCorrected], *, org: Organisation) -> Iterator[Difference]:
    """Corrections that are not as they were recorded."""
    rows = Correction.objects.filter(org=org).in_bulk([fact.correction for fact in facts])
    for fact in facts:
        if wrong := _corrected_otherwise(fact, rows.get(fact.correction)):
            yield Difference(fact, wrong, {"number": fact.correction}, erased=wrong == CORRECTION_ERASED)


def _corrected_otherwise(fact: PersonCorrected, row: Correction | None) -> str:
    if row is None:
        return CORRECTION_GONE
    if digest_of_correction(row) != fact.digest:
        return CORRECTION_ALTERED
    if digest_of_corrected(row) == fact.words_digest:
        return ""
    return CORRECTION_ALTERED if row.before or row.after or row.reason else CORRECTION_ERASED


def _agreement(key: str, asked: Purpose | None, last: Consent | None) -> Agreement:
    read = text_agreed_to(last) if last else ""
    return Agreement(
        key=key,
        label=asked.label if asked else key,
        text=read or (asked.text if asked else ""),
        notice=asked.notice if asked else "",
        last=last,
        holds=bool(asked and last and last.given and last.version == asked.version),
    )


def _differs(fact: ConsentGiven | ConsentWithdrawn, row: Consent | None) -> str:
    if row is None:
        return CONSENT_GONE
    if digest_of_consent(row) != fact.digest or row.given != isinstance(fact, ConsentGiven):
        return CONSENT_ALTERED
    if digest_of_proof(row) == fact.proof_digest:
        return ""
    return CONSENT_ALTERED if row.proof else PROOF_ERASED


def _places_today() -> QuerySet[Place]:
    return Place.objects.filter(valid_until=None)


def _marks(org: Organisation) -> QuerySet[PersonGroup]:
    return PersonGroup.objects.filter(org=org, ended_at=None)
