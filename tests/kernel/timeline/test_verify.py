"""Whatever is altered, removed or re-ordered is found up to the last anchor; later, what leaves a gap."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.anchors import fingerprint, key_at, statement, take_anchor
from escucha.kernel.timeline.chain import anchor_digest, canonical
from escucha.kernel.timeline.models import Anchor, Entry, Head
from escucha.kernel.timeline.seals import public_key_at
from escucha.kernel.timeline.verify import Verdict, Verification, chain_verdict
from tests.kernel.timeline.saying import CASE, NOON, behind_the_back, rehash, say

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("MORE-03.3")]
DAY = timedelta(days=1)
Findings = Callable[[], list[str]]
UPDATE = "UPDATE timeline_entry SET "
DELETE = "DELETE FROM timeline_entry WHERE subject = 'case:1' AND number "
ALTER_SECOND = UPDATE + "data = '{\"body\": \"otra cosa\"}' WHERE subject = 'case:1' AND number = 2"


@pytest.fixture
def findings(folder: Path, key: Ed25519PrivateKey) -> Findings:
    def find() -> list[str]:
        return [str(found) for found in Verification(key=key.public_key(), folder=folder).findings()]

    return find


@pytest.fixture
def told(org: Organisation, other: Organisation, folder: Path, findings: Findings) -> Organisation:
    """Six entries of which an anchor holds four, and others that nobody touches."""
    say(other, "a", "b", subject="case:4")
    say(org, "x", subject="case:0")
    say(org, "z", subject="case:2")
    say(org, 1, 2, 3, 4)
    take_anchor(now=NOON)
    say(org, 5, 6, now=NOON + timedelta(hours=1))
    assert findings() == []
    assert chain_verdict(org=org, subject=CASE) == Verdict(ok=True, entries=6, anchored_until=NOON, broken_at=None)
    return org


def broken_at(org: Organisation) -> int | None:
    return chain_verdict(org=org, subject=CASE).broken_at


class TestAnEntry:
    @pytest.mark.parametrize(
        "change",
        [
            "data = '{\"body\": 9}'",
            "verb = 'tests.counted'",
            "at = at + interval '1 microsecond'",
            "actor_kind = 'staff'",
            "actor_id = 'otto'",
            "member_id = 4",
        ],
    )
    def test_altered_in_any_column(self, told: Organisation, findings: Findings, change: str) -> None:
        behind_the_back(f"{UPDATE}{change} WHERE subject = 'case:1' AND number = 2")
        assert findings() == [
            "lapacho case:1 El asiento 2 fue alterado: su contenido no es el que se registró.",
        ]
        assert broken_at(told) == 2

    def test_altered_after_the_anchor_without_mending(self, told: Organisation, findings: Findings) -> None:
        behind_the_back(UPDATE + "verb = 'x' WHERE subject = 'case:1' AND number = 6")
        assert findings() == ["lapacho case:1 El asiento 6 fue alterado: su contenido no es el que se registró."]

    def test_altered_and_rehashed_alone(self, told: Organisation, findings: Findings) -> None:
        behind_the_back(ALTER_SECOND)
        rehash(told, start=2, end=2)
        assert findings() == ["lapacho case:1 El asiento 3 no sigue al 2: alguno de los dos fue rehecho."]
        assert broken_at(told) == 3

    def test_altered_with_the_rest_of_the_chain_rehashed(self, told: Organisation, findings: Findings) -> None:
        behind_the_back(ALTER_SECOND)
        rehash(told, start=2)
        assert findings() == [
            "lapacho case:1 El asiento 4 no es el que selló el sello del 2026-03-02: fue rehecho.",
        ]
        assert broken_at(told) == 4

    def test_removed_from_the_middle(self, told: Organisation, findings: Findings) -> None:
        behind_the_back(DELETE + "IN (2, 3)")
        assert findings() == ["lapacho case:1 Faltan los asientos 2 a 3: fueron borrados."]
        assert broken_at(told) == 2

    def test_removed_from_the_middle_and_renumbered(self, told: Organisation, findings: Findings) -> None:
        behind_the_back(DELETE + "= 2")
        for number in range(3, 7):
            behind_the_back(UPDATE + f"number = {number - 1} WHERE subject = 'case:1' AND number = {number}")
        rehash(told, start=2)
        assert findings() == [
            "lapacho case:1 El asiento 4 no es el que selló el sello del 2026-03-02: fue rehecho.",
        ]

    def test_two_swapped(self, told: Organisation, findings: Findings) -> None:
        behind_the_back(UPDATE + "number = 100 WHERE subject = 'case:1' AND number = 2")
        behind_the_back(UPDATE + "number = 2 WHERE subject = 'case:1' AND number = 3")
        behind_the_back(UPDATE + "number = 3 WHERE subject = 'case:1' AND number = 100")
        found = findings()
        assert len(found) == 3
        assert "El asiento 2 fue cambiado de lugar" in found[0]
        assert "El asiento 3 fue cambiado de lugar" in found[1]
        assert "El asiento 4 no sigue al 3" in found[2]

    def test_two_swapped_and_all_rehashed(self, told: Organisation, findings: Findings) -> None:
        behind_the_back(UPDATE + "number = 100 WHERE subject = 'case:1' AND number = 2")
        behind_the_back(UPDATE + "number = 2 WHERE subject = 'case:1' AND number = 3")
        behind_the_back(UPDATE + "number = 3 WHERE subject = 'case:1' AND number = 100")
        rehash(told, start=2)
        assert [line for line in findings() if "asiento 4" in line and "rehecho" in line]

    def test_moved_to_another_subject(self, told: Organisation, findings: Findings) -> None:
        behind_the_back(UPDATE + "subject = 'case:2', number = 2 WHERE subject = 'case:1' AND number = 6")
        assert any("case:2 El asiento 2" in line for line in findings())

    def test_moved_to_another_organisation(self, told: Organisation, other: Organisation, findings: Findings) -> None:
        for table in ("timeline_entry", "timeline_head", "timeline_anchoredhead"):
            behind_the_back(
                f"UPDATE {table} SET org_id = %s WHERE org_id = %s AND subject = 'case:0'", other.pk, told.pk
            )
        found = findings()
        assert any("El sello del 2026-03-02 fue cambiado" in line for line in found)
        assert any("guayacan case:0 El asiento 1 fue alterado" in line for line in found)


class TestTheLastEntries:
    def test_removed_before_the_anchor(self, told: Organisation, findings: Findings) -> None:
        behind_the_back(DELETE + ">= 4")
        rehash(told, start=3)
        assert findings() == [
            "lapacho case:1 El sello del 2026-03-02 guarda el asiento 4, que ya no está: fue borrado.",
        ]
        assert broken_at(told) == 4

    def test_removed_after_the_anchor_leaves_a_gap(self, told: Organisation, findings: Findings) -> None:
        behind_the_back(DELETE + "= 6")
        assert findings() == [
            "lapacho case:1 La cabeza de la cadena dice que hay 6 asientos y quedan 5: se borraron los últimos.",
        ]
        assert broken_at(told) == 6

    def test_removed_after_the_anchor_with_the_head_mended_is_not_seen_and_that_is_said(
        self, told: Organisation, findings: Findings, capsys: pytest.CaptureFixture[str]
    ) -> None:
        behind_the_back(DELETE + "= 6")
        rehash(told, start=5)
        assert findings() == []
        call_command("verify")
        assert "de ellos solo se encuentra lo que deja un hueco" in capsys.readouterr().out

    def test_the_next_anchor_would_have_caught_it(self, told: Organisation, findings: Findings) -> None:
        take_anchor(now=NOON + DAY)
        behind_the_back(DELETE + "= 6")
        rehash(told, start=5)
        assert len(findings()) == 1

    def test_removed_and_said_anew_before_the_next_anchor(self, told: Organisation, findings: Findings) -> None:
        behind_the_back(DELETE + ">= 4")
        rehash(told, start=3)
        say(told, "otra")
        take_anchor(now=NOON + DAY)
        assert findings() == [
            "lapacho case:1 El asiento 4 no es el que selló el sello del 2026-03-02: fue rehecho.",
        ]


class TestAWholeSubject:
    def test_removed_before_the_anchor(self, told: Organisation, findings: Findings) -> None:
        behind_the_back("DELETE FROM timeline_entry WHERE subject = 'case:1'")
        behind_the_back("DELETE FROM timeline_head WHERE subject = 'case:1'")
        assert len(findings()) == 1
        assert chain_verdict(org=told, subject=CASE) == Verdict(ok=False, entries=0, anchored_until=NOON, broken_at=4)

    def test_entries_removed_and_head_left(self, told: Organisation, findings: Findings) -> None:
        say(told, 1, subject="case:3")
        behind_the_back("DELETE FROM timeline_entry WHERE subject = 'case:3'")
        assert len(findings()) == 1
        assert chain_verdict(org=told, subject="case:3").broken_at == 1

    def test_removed_after_the_anchor_with_its_head_is_not_seen(self, told: Organisation, findings: Findings) -> None:
        say(told, 1, subject="case:3")
        behind_the_back("DELETE FROM timeline_entry WHERE subject = 'case:3'")
        behind_the_back("DELETE FROM timeline_head WHERE subject = 'case:3'")
        assert findings() == []

    def test_of_which_nothing_was_ever_said(self, told: Organisation) -> None:
        assert chain_verdict(org=told, subject="case:77") == Verdict(True, 0, None, None)


class TestTheHead:
    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ("UPDATE timeline_head SET hash = repeat('a', 64)", "no corresponde al último asiento"),
            ("UPDATE timeline_head SET number = 9", "dice que hay 9 asientos y quedan 6"),
            ("UPDATE timeline_head SET number = 2", "no corresponde al último asiento"),
            ("DELETE FROM timeline_head", "Falta la cabeza"),
        ],
    )
    def test_changed(self, told: Organisation, findings: Findings, change: str, said: str) -> None:
        behind_the_back(change + " WHERE subject = 'case:1'")
        found = findings()
        assert len(found) == 1
        assert said in found[0]
        assert not chain_verdict(org=told, subject=CASE).ok


class TestAnAnchor:
    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ("UPDATE timeline_anchor SET taken_at = taken_at - interval '1 minute'", "no está firmado"),
            ("UPDATE timeline_anchor SET taken_on = '2026-02-01'", "fue cambiado"),
            ("UPDATE timeline_anchor SET digest = repeat('a', 64)", "fue cambiado"),
            ("UPDATE timeline_anchor SET count = 0", "fue cambiado"),
            ("UPDATE timeline_anchor SET previous = repeat('b', 64)", "no sigue al anterior"),
            ("UPDATE timeline_anchor SET signature = repeat('c', 128)", "no está firmado"),
            ("UPDATE timeline_anchor SET signature = 'zz'", "no está firmado"),
            ("UPDATE timeline_anchor SET key = repeat('d', 64)", "no está firmado"),
            ("UPDATE timeline_anchoredhead SET hash = repeat('e', 64) WHERE subject = 'case:1'", "fue cambiado"),
            ("DELETE FROM timeline_anchoredhead WHERE subject = 'case:1'", "fue cambiado"),
        ],
    )
    def test_changed(self, told: Organisation, findings: Findings, change: str, said: str) -> None:
        behind_the_back(change)
        assert any(said in line for line in findings())

    def test_made_anew_by_somebody_without_the_key(
        self, told: Organisation, findings: Findings, tmp_path: Path
    ) -> None:
        behind_the_back(ALTER_SECOND)
        rehash(told, start=2)
        forge(told, key_at(tmp_path / "thief.key"))
        assert findings() == [
            "El sello del 2026-03-02 no está firmado con la llave de esta instalación: fue cambiado o hecho por otro.",
            "El sello del 2026-03-02 no coincide con su copia en la carpeta de sellos: uno de los dos fue cambiado.",
        ]

    def test_made_anew_by_somebody_with_the_key_and_without_the_copies(
        self, told: Organisation, key: Ed25519PrivateKey, findings: Findings
    ) -> None:
        behind_the_back(ALTER_SECOND)
        rehash(told, start=2)
        forge(told, key)
        assert findings() == [
            "El sello del 2026-03-02 no coincide con su copia en la carpeta de sellos: uno de los dos fue cambiado.",
        ]

    def test_removed_with_its_copy(self, told: Organisation, findings: Findings, folder: Path) -> None:
        take_anchor(now=NOON + DAY)
        remove_anchor("2026-03-02")
        (folder / "2026-03-02.json").unlink()
        assert findings() == [
            "El sello del 2026-03-03 no sigue al anterior: se quitó un sello o uno de los dos fue cambiado.",
        ]

    def test_removed_with_its_copy_while_its_heads_are_left(
        self, told: Organisation, findings: Findings, folder: Path
    ) -> None:
        behind_the_back("DELETE FROM timeline_anchor")
        (folder / "2026-03-02.json").unlink()
        assert findings() == ["Hay cabezas selladas cuyo sello ya no está: fue borrado."]
        behind_the_back("DELETE FROM timeline_anchoredhead")

    def test_the_last_removed_without_its_copy(self, told: Organisation, findings: Findings) -> None:
        remove_anchor("2026-03-02")
        found = findings()
        assert len(found) == 1
        assert "tiene la copia 2026-03-02.json, y ese sello ya no está" in found[0]

    def test_the_last_removed_with_its_copy_is_not_seen_and_that_is_said(
        self, told: Organisation, findings: Findings, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        remove_anchor("2026-03-02")
        (folder / "2026-03-02.json").unlink()
        assert findings() == []
        call_command("verify")
        said = capsys.readouterr().out
        assert "Todavía no hay ningún sello" in said
        assert "compare esta fecha con las copias guardadas aparte" in said

    def test_its_copy_changed_or_removed(self, told: Organisation, findings: Findings, folder: Path) -> None:
        file = folder / "2026-03-02.json"
        said = json.loads(file.read_text())
        file.write_text(json.dumps(said | {"count": 0}))
        assert len(findings()) == 1
        file.write_text("{")
        assert len(findings()) == 1
        file.unlink()
        assert findings() == ["Falta la copia del sello del 2026-03-02 en la carpeta de sellos."]

    def test_without_the_key(self, told: Organisation, folder: Path) -> None:
        found = [str(finding) for finding in Verification(key=None, folder=folder).findings()]
        assert found == ["No está la llave de los sellos: sin ella no se pueden comprobar sus firmas."]


class TestTheCommand:
    def test_says_that_all_is_well(self, told: Organisation, capsys: pytest.CaptureFixture[str]) -> None:
        call_command("verify")
        said = capsys.readouterr().out
        assert "La bitácora está íntegra: 4 cadenas con 10 asientos." in said
        assert "Hasta el último sello, del 2026-03-02 17:00 UTC" in said
        assert "Después del último sello hay 2 asientos" in said

    def test_ends_with_1_and_says_what_is_wrong(self, told: Organisation, capsys: pytest.CaptureFixture[str]) -> None:
        behind_the_back(ALTER_SECOND)
        with pytest.raises(SystemExit) as ended:
            call_command("verify")
        assert ended.value.code == 1
        said = capsys.readouterr().out
        assert "✗ lapacho case:1 El asiento 2 fue alterado" in said
        assert "1 hallazgos" in said

    def test_of_one_organisation(self, told: Organisation, capsys: pytest.CaptureFixture[str]) -> None:
        behind_the_back(ALTER_SECOND)
        call_command("verify", org="guayacan")
        assert "1 cadenas con 2 asientos" in capsys.readouterr().out
        with pytest.raises(SystemExit):
            call_command("verify", org="lapacho")
        with pytest.raises(CommandError, match="nadie"):
            call_command("verify", org="nadie")

    def test_twice_says_the_same_and_changes_nothing(
        self, told: Organisation, capsys: pytest.CaptureFixture[str]
    ) -> None:
        call_command("verify")
        first = capsys.readouterr().out
        call_command("verify")
        assert capsys.readouterr().out == first

    @pytest.mark.django_db(transaction=True)
    def test_reads_as_of_one_moment(self, told: Organisation) -> None:
        with CaptureQueriesContext(connection) as queries:
            call_command("verify")
        assert any("REPEATABLE READ READ ONLY" in query["sql"] for query in queries)


def test_a_verdict_takes_two_queries_however_many_entries(told: Organisation) -> None:
    say(told, *range(50))
    with CaptureQueriesContext(connection) as queries:
        assert chain_verdict(org=told, subject=CASE).entries == 56
    assert len(queries) == 2


def test_an_act_that_stopped_short_of_writing_is_no_finding(told: Organisation, findings: Findings) -> None:
    Head.objects.create(org=told, subject="case:5", number=0, hash="0" * 64)
    assert findings() == []
    assert chain_verdict(org=told, subject="case:5").ok


def test_the_public_part_of_the_key_is_enough(told: Organisation, key: Ed25519PrivateKey, folder: Path) -> None:
    public = public_key_at(folder.parent / "secret" / "anchor.key")
    assert public is not None
    assert fingerprint(public) == fingerprint(key.public_key())
    assert not list(Verification(key=public, folder=folder).findings())


def remove_anchor(day: str) -> None:
    behind_the_back(
        "DELETE FROM timeline_anchoredhead WHERE anchor_id = (SELECT id FROM timeline_anchor WHERE taken_on = %s)", day
    )
    behind_the_back("DELETE FROM timeline_anchor WHERE taken_on = %s", day)


def forge(org: Organisation, key: Ed25519PrivateKey) -> None:
    """Seal again what was changed, as somebody would who can write everything in the database."""
    entry = Entry.objects.get(org=org, subject=CASE, number=4)
    behind_the_back("UPDATE timeline_anchoredhead SET hash = %s WHERE subject = 'case:1'", entry.hash)
    anchor = Anchor.objects.get()
    with connection.cursor() as cursor:
        cursor.execute("SELECT org_id, subject, number, hash FROM timeline_anchoredhead ORDER BY org_id, subject")
        anchor.digest, _count = anchor_digest(previous=anchor.previous, heads=cursor.fetchall())
    anchor.key = fingerprint(key.public_key())
    signature = key.sign(canonical(statement(anchor)).encode()).hex()
    behind_the_back(
        "UPDATE timeline_anchor SET digest = %s, key = %s, signature = %s", anchor.digest, anchor.key, signature
    )
