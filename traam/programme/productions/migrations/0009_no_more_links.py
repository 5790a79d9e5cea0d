from django.db import migrations


class Migration(migrations.Migration):
    """Apart from what turned them into pieces: PostgreSQL does not alter a table whose rows have just been read."""

    dependencies = [
        ("productions", "0008_links_are_pieces"),
    ]

    operations = [
        migrations.RemoveField(
            model_name="scenario",
            name="links",
        ),
    ]
