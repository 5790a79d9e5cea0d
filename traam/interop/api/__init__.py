"""The REST interface, read-only: things told by tables of fields, from which its OpenAPI document is drawn too."""
