"""A thing as the interface tells it: one table gives its JSON and the schema that describes it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Schema = Mapping[str, Any]


@dataclass(frozen=True)
class Field:
    """`says` and `example` are for the document; `get` takes the row and gives plain JSON."""

    name: str
    schema: Schema
    says: str
    example: Any
    get: Callable[[Any], Any]


@dataclass(frozen=True)
class Thing:
    """Every field is always there; what is unknown is null, "" or an empty list, as its schema says."""

    name: str
    says: str
    fields: Sequence[Field]

    def told(self, row: Any) -> dict[str, Any]:
        return {field.name: field.get(row) for field in self.fields}

    @property
    def schema(self) -> Schema:
        return {
            "type": "object",
            "description": self.says,
            "required": [field.name for field in self.fields],
            "additionalProperties": False,
            "properties": {
                field.name: {**field.schema, "description": field.says, "examples": [field.example]}
                for field in self.fields
            },
        }

    @property
    def example(self) -> dict[str, Any]:
        return {field.name: field.example for field in self.fields}

    @property
    def ref(self) -> Schema:
        return {"$ref": f"#/components/schemas/{self.name}"}


TEXT: Schema = {"type": "string"}
URI: Schema = {"type": "string", "format": "uri"}
DAY: Schema = {"type": "string", "format": "date"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
NUMBER: Schema = {"type": "integer", "minimum": 0}
YES_OR_NO: Schema = {"type": "boolean"}
TEXTS: Schema = {"type": "array", "items": TEXT}


def const(value: str) -> Schema:
    return {"type": "string", "const": value}


def maybe(schema: Schema) -> Schema:
    """The same, or null."""
    if "type" in schema:
        return {**schema, "type": [schema["type"], "null"]}
    return {"anyOf": [schema, {"type": "null"}]}


def several(thing: Thing) -> Schema:
    return {"type": "array", "items": thing.ref}
