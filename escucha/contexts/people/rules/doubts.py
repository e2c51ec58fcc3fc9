"""Everything that looks odd in what a person said of itself, by field: to be shown beside it."""

from collections.abc import Mapping, Sequence

from escucha.contexts.people.rules.documents import doubts_about_document
from escucha.contexts.people.rules.telephones import doubts_about_phone
from escucha.kernel.words import Saying


def doubts_about(said: Mapping[str, str]) -> Mapping[str, Sequence[Saying]]:
    """The fields with doubts, of those that `recognise` takes. Nothing here stops a filing.

    Where nobody asked for the kind of document, `said` has none, and its number is not doubted.
    """
    number = said.get("document_number", "")
    found = {
        "document_number": doubts_about_document(said["document_kind"], number) if "document_kind" in said else (),
        "phone": doubts_about_phone(said.get("phone", "")),
        "other_phone": doubts_about_phone(said.get("other_phone", "")),
    }
    return {field: doubts for field, doubts in found.items() if doubts}
