"""The people and places of the tests. All invented."""

from datetime import UTC, datetime

ANA = {
    "name": "Ana Lucía Berrío",
    "document_kind": "CC",
    "document_number": "1.990.000.001",
    "email": "ana@example.org",
    "phone": "300 000 0001",
}
TUESDAY = datetime(2026, 3, 3, 15, 0, tzinfo=UTC)  # 10:00 in Bogotá
PASSWORD = "una-clave-larga-de-prueba"

# Who works where: key, name, unit, roles.
STAFF = {
    "cafetal": [
        ("lucia", "Lucía Restrepo", "atencion", ["attention"]),
        ("patricia", "Patricia Sanmiguel", "atencion", ["attention_head"]),
        ("dario", "Darío Pinzón", "recreacion", ["service"]),
        ("elsa", "Elsa Quiceno", "recreacion", ["service_head"]),
        ("bruno", "Bruno Tabares", "credito", ["staff"]),
        ("vera", "Vera Londoño", "vivienda", ["service"]),
        ("gabriel", "Gabriel Ossa", None, ["director"]),
    ],
}
