from secrets import token_hex

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from traam.engines import chain
from traam.programme.journal import guards

BATCH = 500


def chain_what_is_there(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Tie the acts already kept, in the order they were written."""
    entries = apps.get_model("journal", "Entry").objects.order_by("pk")
    links = apps.get_model("journal", "Link").objects
    last, number, tied = 0, 0, chain.START
    while batch := list(entries.filter(pk__gt=last)[:BATCH]):
        made = []
        for row in batch:
            row.salt = token_hex(16)
            row.words = chain.words_of(row.salt, row.actor_label, row.object_label, row.reason, row.data)
            row.content = chain.content_of(
                row.at, row.actor_id, row.verb, row.object_type, row.object_id, row.words
            )
            number += 1
            tied = chain.link_of(tied, number, row.content)
            made.append(links.model(entry_id=row.pk, number=number, link=tied))
        entries.bulk_update(batch, ["salt", "words", "content"])
        links.bulk_create(made)
        last = batch[-1].pk


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]

    operations = [
        migrations.AddField("entry", "salt", models.CharField(default="", max_length=32), preserve_default=False),
        migrations.AddField("entry", "words", models.CharField(default="", max_length=64), preserve_default=False),
        migrations.AddField("entry", "content", models.CharField(default="", max_length=64), preserve_default=False),
        migrations.AddField("entry", "redacted_by", models.BigIntegerField(null=True)),
        migrations.AddIndex("entry", models.Index(fields=["verb"], name="journal_ent_verb_e07101_idx")),
        migrations.AddIndex("entry", models.Index(fields=["at"], name="journal_ent_at_bf6d31_idx")),
        migrations.CreateModel(
            name="Link",
            fields=[
                (
                    "entry",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=models.PROTECT,
                        primary_key=True,
                        related_name="link",
                        serialize=False,
                        to="journal.entry",
                    ),
                ),
                ("number", models.BigIntegerField(null=True, unique=True)),
                ("link", models.CharField(blank=True, max_length=64)),
            ],
        ),
        migrations.RunPython(chain_what_is_there, migrations.RunPython.noop),
        migrations.RunPython(
            lambda apps, editor: guards.install(editor.connection), lambda apps, editor: guards.remove(editor.connection)
        ),
    ]
