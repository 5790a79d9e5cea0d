"""Every version that is published has an address: the notices already released get the row of theirs."""

from django.db import migrations, models

FROZEN = (
    "title", "summary", "sections", "theme_id", "years", "academies", "disciplines", "levels", "competences",
    "licence", "tools", "duration_minutes", "authors", "links", "pieces", "source_url",
)


def keep_versions(apps, schema_editor):
    """The version in force only: those before it never had an address. The history was not released here."""
    Notice = apps.get_model("catalogue", "Notice")
    NoticeVersion = apps.get_model("catalogue", "NoticeVersion")
    rows = Notice.objects.filter(source_key__startswith="scenario:", versions=None, published_on__isnull=False)
    for notice in rows.iterator(500):
        withdrawn = notice.state == "withdrawn"
        NoticeVersion.objects.create(
            notice=notice,
            version=notice.version,
            content={name: getattr(notice, name) for name in FROZEN},
            published_on=notice.published_on,
            withdrawn_on=notice.datestamp.date() if withdrawn else None,
            reason=notice.reason if withdrawn else "",
        )


class Migration(migrations.Migration):

    dependencies = [
        ("catalogue", "0006_publication_whole"),
    ]

    operations = [
        migrations.AddField(
            model_name="noticeversion",
            name="errata",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="noticeversion",
            name="reason",
            field=models.TextField(blank=True, default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="noticeversion",
            name="withdrawn_on",
            field=models.DateField(null=True),
        ),
        migrations.RunPython(keep_versions, migrations.RunPython.noop),
    ]
