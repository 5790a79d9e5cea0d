import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0011_public_syntheses"),
    ]

    operations = [
        migrations.AddField(
            model_name="notice",
            name="inspired_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="inspired",
                to="catalogue.notice",
            ),
        ),
    ]
