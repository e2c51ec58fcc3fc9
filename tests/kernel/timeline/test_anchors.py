"""Anchors: one a day, of what has grown, signed with a key that is not in the database."""

import hashlib
import json
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.anchors import fingerprint, key_at, take_anchor
from escucha.kernel.timeline.chain import FIRST, canonical
from escucha.kernel.timeline.models import Anchor, AnchoredHead
from escucha.kernel.timeline.seals import public_key_at
from tests.kernel.timeline.saying import NOON, say

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def sealed(anchor: Anchor) -> list[tuple[str, int]]:
    return list(AnchoredHead.objects.filter(anchor=anchor).order_by("subject").values_list("subject", "number"))


class TestTakingAnAnchor:
    def test_holds_the_heads_that_have_grown(self, org: Organisation, other: Organisation, folder: Path) -> None:
        say(org, 1, 2, subject="case:1")
        say(org, 1, subject="case:2")
        first = take_anchor(now=NOON)
        say(org, 3, subject="case:1")
        say(other, 1, subject="case:9")
        second = take_anchor(now=NOON + DAY)
        third = take_anchor(now=NOON + 2 * DAY)

        assert [sealed(anchor) for anchor in (first, second, third)] == [
            [("case:1", 2), ("case:2", 1)],
            [("case:1", 3), ("case:9", 1)],
            [],
        ]
        assert [anchor.count for anchor in (first, second, third)] == [2, 2, 0]
        assert [anchor.previous for anchor in (first, second, third)] == [FIRST, first.digest, second.digest]

    def test_twice_a_day_is_once(self, org: Organisation, folder: Path) -> None:
        say(org, 1)
        first = take_anchor(now=NOON)
        say(org, 2)
        assert take_anchor(now=NOON + timedelta(hours=3)) == first
        assert take_anchor(now=NOON - DAY) == first
        assert [file.name for file in folder.iterdir()] == ["2026-03-02.json"]
        assert take_anchor(now=datetime(2026, 3, 3, tzinfo=UTC)).count == 1

    def test_can_be_proved_with_other_tools(self, org: Organisation, key: Ed25519PrivateKey, folder: Path) -> None:
        entry = say(org, "a")[0]
        take_anchor(now=NOON)
        copy = json.loads((folder / "2026-03-02.json").read_text())

        head = json.dumps([org.pk, "case:1", 1, entry.hash], separators=(",", ":"))
        body = '{"previous":"' + "0" * 64 + '","v":1}\n' + head
        assert copy["digest"] == hashlib.sha256(body.encode()).hexdigest()
        signature = bytes.fromhex(copy.pop("signature"))
        key.public_key().verify(signature, canonical(copy).encode())
        assert copy["key"] == fingerprint(key.public_key())
        assert (copy["count"], copy["taken_at"]) == (1, "2026-03-02T17:00:00.123456Z")

    def test_a_copy_that_was_not_written_is_made_good(self, org: Organisation, folder: Path) -> None:
        say(org, 1)
        take_anchor(now=NOON)
        (folder / "2026-03-02.json").unlink()
        take_anchor(now=NOON + DAY)
        assert {file.name for file in folder.iterdir()} == {"2026-03-02.json", "2026-03-03.json"}

    def test_a_copy_is_never_written_over(self, org: Organisation, folder: Path) -> None:
        take_anchor(now=NOON)
        (folder / "2026-03-02.json").write_text("other")
        take_anchor(now=NOON)
        assert (folder / "2026-03-02.json").read_text() == "other"

    def test_asks_as_much_of_many_heads_as_of_few(self, org: Organisation, folder: Path) -> None:
        with CaptureQueriesContext(connection) as few:
            take_anchor(now=NOON)
        for number in range(30):
            say(org, 1, subject=f"case:{number}")
        with CaptureQueriesContext(connection) as many:
            assert take_anchor(now=NOON + DAY).count == 30
        assert len(many) == len(few)

    def test_subjects_are_sorted_by_their_letters(self, org: Organisation, folder: Path) -> None:
        for subject in ("case:ñ", "case:a", "case:Z", "case:10", "case:9"):
            say(org, 1, subject=subject)
        anchor = take_anchor(now=NOON)
        hashes = dict(AnchoredHead.objects.values_list("subject", "hash"))
        lines = [canonical({"v": 1, "previous": FIRST})]
        lines += [canonical([org.pk, subject, 1, hashes[subject]]) for subject in sorted(hashes)]
        assert anchor.digest == hashlib.sha256("\n".join(lines).encode()).hexdigest()


class TestTheKey:
    def test_is_made_once_for_its_owner_only(self, tmp_path: Path) -> None:
        path = tmp_path / "deep" / "anchor.key"
        made = key_at(path)
        assert key_at(path).private_bytes_raw() == made.private_bytes_raw()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert [file.name for file in path.parent.iterdir()] == ["anchor.key"]

    def test_its_public_part_is_enough_to_prove(self, tmp_path: Path) -> None:
        public = key_at(tmp_path / "anchor.key").public_key()
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        (tmp_path / "anchor.pub").write_bytes(public.public_bytes(serialization.Encoding.PEM, form))
        for name in ("anchor.key", "anchor.pub"):
            found = public_key_at(tmp_path / name)
            assert isinstance(found, Ed25519PublicKey)
            assert fingerprint(found) == fingerprint(public)
        assert public_key_at(tmp_path / "nothing") is None


def test_the_command_takes_todays_once(
    org: Organisation, folder: Path, capsys: pytest.CaptureFixture[str], time_machine: object
) -> None:
    time_machine.move_to(NOON, tick=False)  # type: ignore[attr-defined]
    say(org, 1)
    call_command("anchor")
    call_command("anchor")
    assert capsys.readouterr().out.count("Sello del 2026-03-02: 1 cadenas con asientos nuevos") == 2
    assert Anchor.objects.count() == 1
