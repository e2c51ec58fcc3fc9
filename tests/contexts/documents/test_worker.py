"""`escucha work` looks at what arrived: scanned, copied and swept, in one turn and each once."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from escucha.contexts.documents.gateways import store as bytes_kept
from escucha.contexts.documents.models import File
from tests.contexts.documents.conftest import a_file, kept
from tests.contexts.documents.made import EICAR, a_photo

pytestmark = pytest.mark.slow


def test_one_turn_does_what_files_wait_for(real_cafetal, store, settings, clamd, tmp_path):
    settings.CLAMD, settings.ANCHORS, settings.ANCHOR_KEY = clamd, tmp_path / "anchors", tmp_path / "anchor.key"
    now = timezone.now()
    photo = a_file(real_cafetal, a_photo(), name="foto.jpg", now=now)
    sick = a_file(real_cafetal, EICAR, now=now)
    orphan = bytes_kept.put([b"de nadie"], on=(now - timedelta(days=3)).date())
    for _turn in range(2):
        call_command("work", "--once")
    photo.refresh_from_db()
    assert (photo.state, bool(photo.shown), photo.copies, photo.looks) == ("clean", True, 1, 1)
    assert File.objects.get(pk=sick.pk).state == "infected"
    assert orphan not in kept(store) and {photo.key, photo.shown, sick.key} == set(kept(store))
