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
    "vidamar": [
        ("marina", "Marina Iguarán", "siau", ["siau_coordinator"]),
        ("alba", "Alba Redondo", "siau", ["siau_assistant"]),
        ("nelson", "Nelson Pushaina", "siau", ["siau_assistant"]),
        ("rosa", "Rosa Epieyú", "autorizaciones", ["area"]),
        ("julio", "Julio Brito", "tecnologia", ["staff"]),
        ("delia", "Delia Cotes", None, ["director"]),
    ],
    "arrayanes": [
        ("camila", "Camila Suárez", "atencion", ["attention"]),
        ("pedro", "Pedro Avella", "urgencias", ["service_head"]),
        ("nora", "Nora Pulido", "consulta", ["staff"]),
        ("hernan", "Hernán Barón", None, ["manager"]),
    ],
    "quetzal": [
        ("irma", "Irma Cifuentes", "calidad", ["quality_head"]),
        ("wilson", "Wilson Tapias", "calidad", ["quality_analyst"]),
        ("paula", "Paula Roncancio", "operaciones", ["supervisor"]),
        ("mateo", "Mateo Arenas", "operaciones", ["head_of_area"]),
        ("luz", "Luz Marina Daza", "operaciones", ["coordinator"]),
        ("fabian", "Fabián Ocampo", "operaciones", ["coordinator"]),
        ("rocio", "Rocío Tamayo", "operaciones", ["head_of_operations"]),
        ("ester", "Ester Villamil", None, ["general_manager"]),
    ],
    "corrioverde": [
        ("sofia", "Sofía Cuadros", "comunicaciones", ["communications"]),
        ("ines", "Inés Galvis", "comunicaciones", ["front_desk"]),
        ("ramiro", "Ramiro Toloza", "territorial-paramo", ["unit_director"]),
        ("tomas", "Tomás Uribe", "territorial-paramo", ["public_servant"]),
        ("olga", "Olga Niño", "recurso-hidrico", ["unit_director"]),
        ("helena", "Helena Prada", None, ["general_director"]),
        ("fabio", "Fabio Mantilla", None, ["internal_control"]),
    ],
}
