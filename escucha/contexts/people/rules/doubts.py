"""Everything that looks odd in what a person said of itself, by field: to be shown beside it."""

from collections.abc import Mapping, Sequence

from escucha.contexts.people.rules.documents import doubts_about_document
from escucha.contexts.people.rules.telephones import doubts_about_phone
from escucha.kernel.words import Saying


def doubts_about(said: Mapping[str, str]) -> Mapping[str, Sequence[Saying]]:
    """The fields with doubts, of those that `recognise` takes. Nothing here stops a filing."""
    found = {
        "document_number": doubts_about_document(said.get("document_kind", ""), said.get("document_number", "")),
        "phone": doubts_about_phone(said.get("phone", "")),
        "other_phone": doubts_about_phone(said.get("other_phone", "")),
    }
    return {field: doubts for field, doubts in found.items() if doubts}
