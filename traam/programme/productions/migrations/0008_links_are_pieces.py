from urllib.parse import urlsplit

from django.db import migrations

PIECE = {
    "title": "",
    "address": "",
    "file": "",
    "filename": "",
    "size": 0,
    "screened": "",
    "alternative": "",
    "decorative": False,
    "licence": "",
    "holder": "",
    "terms_read_on": "",
}


def title_of(address):
    """The site, and the last part of the path: what a reader may recognise."""
    site = urlsplit(address)
    last = site.path.rstrip("/").rpartition("/")[2]
    return f"{site.netloc} : {last}"[:200] if last else (site.netloc or address)[:200]


def pieces_in(content, numbers):
    """The links of a content as pieces; `numbers` are those of the pieces of its scenario, by address."""
    return [
        {"id": numbers.get(address, 0), **PIECE, "title": title_of(address), "address": address}
        for address in content.get("links", [])
    ]


def turn_links_into_pieces(apps, schema_editor):
    Scenario, Piece = apps.get_model("productions", "Scenario"), apps.get_model("productions", "Piece")
    Version = apps.get_model("productions", "Version")
    for scenario in Scenario.objects.order_by("pk").iterator():
        numbers = {}
        for position, address in enumerate(scenario.links, 1):
            piece = Piece.objects.create(
                scenario=scenario,
                position=position,
                title=title_of(address),
                address=address,
                added_by_id=scenario.created_by_id,
                added_at=scenario.changed_at,
            )
            numbers[address] = piece.pk
        for version in Version.objects.filter(review_id=scenario.review_id):
            if "pieces" not in version.content:
                version.content["pieces"] = pieces_in(version.content, numbers)
            version.content.pop("links", None)
            version.save(update_fields=["content"])


class Migration(migrations.Migration):
    dependencies = [
        ("productions", "0007_what_a_bilan_declares"),
    ]

    operations = [
        migrations.RunPython(turn_links_into_pieces, migrations.RunPython.noop),
    ]
