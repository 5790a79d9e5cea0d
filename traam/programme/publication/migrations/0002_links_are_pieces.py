from importlib import import_module

from django.db import migrations

productions = import_module("traam.programme.productions.migrations.0008_links_are_pieces")


def turn_links_into_pieces(apps, schema_editor):
    """As in the versions of the scenarios: what is released again is written as today."""
    Release, Piece = apps.get_model("publication", "Release"), apps.get_model("productions", "Piece")
    for release in Release.objects.order_by("pk").iterator():
        if "pieces" not in release.content:
            rows = Piece.objects.filter(scenario_id=release.scenario_id).exclude(address="")
            release.content["pieces"] = productions.pieces_in(release.content, dict(rows.values_list("address", "pk")))
        release.content.pop("links", None)
        release.save(update_fields=["content"])


class Migration(migrations.Migration):
    dependencies = [
        ("publication", "0001_initial"),
        ("productions", "0009_no_more_links"),
    ]

    operations = [
        migrations.RunPython(turn_links_into_pieces, migrations.RunPython.noop),
    ]
