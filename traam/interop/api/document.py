"""The OpenAPI 3.1 document, drawn from the tables that the answers come from."""

from typing import Any

from django.conf import settings

from traam.interop import limits, problems
from traam.interop.api import operations
from traam.interop.api.operations import Operation
from traam.interop.api.parameters import Parameter
from traam.interop.problems import TITLES

PROBLEMS = {
    "parametre": "Un paramètre est inconnu, ou sa valeur ne convient pas : « errors » dit lesquels et quoi écrire.",
    "introuvable": "Rien ne porte ce numéro ou ce nom. Les listes donnent ce qui existe.",
    "methode": "L'interface ne fait que lire : GET, HEAD et OPTIONS.",
    "retire": "La notice ou la synthèse a été retirée, pour le motif dit. Supprimez votre copie.",
    "trop": f"Plus de {limits.MOST} demandes en une minute depuis la même adresse. Retry-After dit combien attendre.",
}
_SAYS = """Le catalogue des travaux académiques mutualisés, en lecture seule et sans clé.

- Les données sont sous Licence Ouverte 2.0 ; chaque ressource a sa propre licence, dite par sa notice.
- Les noms sont en anglais, les textes et les messages en français ; les dates sont en ISO 8601, les instants en UTC.
- Gardez l'ETag d'une réponse et renvoyez-le dans If-None-Match : 304 veut dire que rien n'a changé.
- Pour copier tout le catalogue, préférez les fichiers de /donnees/ ou le dépôt OAI-PMH (/oai)."""


def document() -> dict[str, Any]:
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {
            "title": "Catalogue TraAM",
            "version": "1.0.0",
            "description": _SAYS,
            "contact": {"email": settings.CONTACT},
            "license": {"name": "Licence Ouverte 2.0", "identifier": "etalab-2.0"},
        },
        "servers": [{"url": settings.SITE_ADDRESS or "/"}],
        "externalDocs": {"description": "Page de l'interface", "url": f"{settings.SITE_ADDRESS}/api/"},
        "paths": {one.path: {"get": _operation(one)} for one in operations.EVERY},
        "components": {
            "schemas": {thing.name: thing.schema for thing in operations.THINGS} | {"Problem": _PROBLEM},
            "responses": {kind: _refusal(kind) for kind in TITLES},
            "headers": _HEADERS,
        },
    }


_PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "Ce qui ne va pas (RFC 9457).",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": {"type": "string", "format": "uri", "description": "Adresse qui explique ce genre de problème."},
        "title": {"type": "string", "description": "Le genre de problème."},
        "status": {"type": "integer", "description": "Le code HTTP."},
        "detail": {"type": "string", "description": "Ce qui ne va pas ici, et quoi faire."},
        "instance": {"type": "string", "description": "Le chemin demandé."},
        "id": {"type": "integer", "description": "Le numéro de ce qui a été retiré."},
        "errors": {
            "type": "array",
            "description": "Les paramètres en cause.",
            "items": {
                "type": "object",
                "required": ["parameter", "detail"],
                "properties": {
                    "parameter": {"type": "string", "description": "Son nom."},
                    "detail": {"type": "string", "description": "Quoi écrire."},
                },
            },
        },
    },
}
_HEADERS: dict[str, Any] = {
    "ETag": {"description": "Empreinte de la réponse, pour If-None-Match.", "schema": {"type": "string"}},
    "Last-Modified": {"description": "Dernier changement, pour If-Modified-Since.", "schema": {"type": "string"}},
    "Link": {"description": 'Page suivante (rel="next").', "schema": {"type": "string"}},
}


def _operation(one: Operation) -> dict[str, Any]:
    asked = [_place(one)] if one.place else []
    refusals = ["parametre", "trop", *(["introuvable"] if one.place else []), *(["retire"] if one.gone else [])]
    return {
        "operationId": one.id,
        "summary": one.title,
        "description": one.says,
        "parameters": asked + [_parameter(parameter) for parameter in one.parameters],
        "responses": {
            "200": {
                "description": "La réponse.",
                "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in _HEADERS},
                "content": {"application/json": {"schema": one.answer, "example": one.example}},
            },
            "304": {"description": "Rien n'a changé depuis l'ETag ou la date donnés."},
            **{str(TITLES[kind][0]): {"$ref": f"#/components/responses/{kind}"} for kind in refusals},
        },
    }


def _place(one: Operation) -> dict[str, Any]:
    place = one.place
    assert place is not None  # noqa: S101 - the caller asked
    told = {"description": place.says, "schema": place.schema, "example": place.example}
    return {"name": place.name, "in": "path", "required": True, **told}


def _parameter(one: Parameter) -> dict[str, Any]:
    schema = {"type": "array", "items": one.schema, "maxItems": 20, "minItems": 1} if one.many else one.schema
    example = [one.example] if one.many else one.example
    told = {"description": one.says, "schema": schema, "example": example}
    return {"name": one.name, "in": "query", "required": False, **told}


def _refusal(kind: str) -> dict[str, Any]:
    status, title = TITLES[kind]
    example = {
        "type": f"https://exemple.fr/api/#{kind}",
        "title": title,
        "status": status,
        "detail": PROBLEMS[kind],
        "instance": "/api/v1/notices",
    }
    content = {problems.MEDIA: {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}}
    return {"description": PROBLEMS[kind], "content": content}
