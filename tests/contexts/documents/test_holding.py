"""Bytes of a form that is not finished: by the policy of files, without a row, and swept when nobody keeps them."""

import io
from datetime import timedelta

import pytest

from escucha.contexts.documents.gateways import store
from escucha.contexts.documents.models import File
from escucha.contexts.documents.operations.holding import hold, is_held, let_go
from escucha.contexts.documents.operations.keeping import keep_file
from escucha.contexts.documents.operations.refusal import Refused, TooBig
from escucha.contexts.documents.operations.sweeping import sweep_orphans
from escucha.contexts.documents.policy import MEGABYTE
from tests.cast import TUESDAY

PDF = b"%PDF-1.4\n%%EOF"


def held(org, content=PDF, name="carta.pdf", size=None):
    size = len(content) if size is None else size
    return hold(org=org, content=io.BytesIO(content), name=name, size=size, now=TUESDAY)


def test_the_bytes_are_there_and_no_row_knows_them(cafetal):
    found = held(cafetal.org)
    assert b"".join(found.chunks()) == PDF and found.name == "carta.pdf" and not File.objects.exists()
    file = keep_file(org=cafetal.org, content=found.chunks(), name=found.name, now=TUESDAY)
    let_go(found)
    assert not is_held(found) and File.objects.get() == file


@pytest.mark.parametrize(
    ("content", "name", "size", "why"),
    [
        (PDF, "x.exe", None, Refused),
        (b"MZ" + b"\x00" * 99, "foto.jpg", None, Refused),
        (PDF, "a.pdf", 26 * MEGABYTE, TooBig),
    ],
)
def test_what_would_not_be_kept_is_not_held(cafetal, content, name, size, why):
    before = set(store.keys_of(TUESDAY.date()))
    with pytest.raises(why):
        held(cafetal.org, content, name, size)
    assert set(store.keys_of(TUESDAY.date())) == before


def test_what_was_never_sent_is_swept_once(cafetal):
    sweep_orphans(now=TUESDAY + timedelta(days=3))
    found = held(cafetal.org)
    assert sweep_orphans(now=TUESDAY + timedelta(hours=3)) == 0 and is_held(found)
    assert sweep_orphans(now=TUESDAY + timedelta(days=3)) == 1 and not is_held(found)
    assert sweep_orphans(now=TUESDAY + timedelta(days=3)) == 0
