"""The verbs about people. Those that every door calls can be asked for here."""

from escucha.contexts.people.operations.recognising import recognise
from escucha.contexts.people.operations.trying import forgive_try, note_try

__all__ = ["forgive_try", "note_try", "recognise"]
